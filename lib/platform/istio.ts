import { Platform } from './platform';
import type { UpstreamVersion } from './versions';

/**
 * Upstream Istio, installed by istioctl, Helm or the Sail operator. Traffic was tried with 1.31; of the others, that their
 * API servers admit what is written.
 */
export class Istio {
  /** Istio 1.26. */
  public static v1_26(): Platform {
    return upstream('1.26');
  }

  /** Istio 1.27. */
  public static v1_27(): Platform {
    return upstream('1.27');
  }

  /** Istio 1.28. */
  public static v1_28(): Platform {
    return upstream('1.28');
  }

  /** Istio 1.29. */
  public static v1_29(): Platform {
    return upstream('1.29');
  }

  /** Istio 1.30. */
  public static v1_30(): Platform {
    return upstream('1.30');
  }

  /** Istio 1.31. */
  public static v1_31(): Platform {
    return upstream('1.31');
  }
}

function upstream(version: UpstreamVersion): Platform {
  return new Platform({
    name: `Istio ${version}`,
    istio: version,
    otherBundles: ['sail', 'cert-manager', 'openshift'],
    features: ['OpenShift Route'],
    sailVersion: `v${version}-latest`,
    reasons: {
      ServiceMeshControlPlane:
        'it is an object of OpenShift Service Mesh 2; use ControlPlane.existing or ControlPlane.sail',
    },
  });
}
