import { Platform } from './platform';
import type { UpstreamVersion } from './versions';

/** Red Hat OpenShift Service Mesh. Versions of Istio inside: its release notes, "Service Mesh version support tables". */
export class Ossm {
  /** OpenShift Service Mesh 2.6: Istio 1.20 with Maistra's objects, several meshes in one cluster. */
  public static v2_6(): Platform {
    return new Platform({
      name: 'OpenShift Service Mesh 2.6',
      istio: '1.20',
      otherBundles: ['maistra', 'cert-manager', 'openshift'],
      features: ['ServiceMeshControlPlane', 'ServiceMeshMember', 'OpenShift Route', 'federation'],
      reasons: {
        'Istio resource of the Sail operator': 'it is an object of OpenShift Service Mesh 3; use ControlPlane.smcp',
      },
    });
  }

  /**
   * OpenShift Service Mesh 3, whatever its minor version: upstream Istio, run by the Sail operator. What is written is for
   * 3.0, the oldest, and later ones take it.
   */
  public static v3(): Platform {
    return version3('3', '1.24');
  }

  /** OpenShift Service Mesh 3.0: Istio 1.24. */
  public static v3_0(): Platform {
    return version3('3.0', '1.24');
  }

  /** OpenShift Service Mesh 3.1: Istio 1.26. */
  public static v3_1(): Platform {
    return version3('3.1', '1.26');
  }

  /** OpenShift Service Mesh 3.2: Istio 1.27. */
  public static v3_2(): Platform {
    return version3('3.2', '1.27');
  }
}

function version3(version: string, istio: UpstreamVersion): Platform {
  return new Platform({
    name: `OpenShift Service Mesh ${version}`,
    istio,
    otherBundles: ['sail', 'cert-manager', 'openshift'],
    features: ['OpenShift Route'],
    sailVersion: `v${istio}-latest`,
    needsCni: true,
    reasons: {
      ServiceMeshControlPlane:
        'version 3 replaced it by the Istio resource of the Sail operator; use ControlPlane.sail',
      ServiceMeshMember: 'version 3 selects namespaces by label',
    },
  });
}
