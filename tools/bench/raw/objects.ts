import { ApiObject, type ApiObjectProps } from 'cdk8s';
import { Construct } from 'constructs';

/**
 * An object as libraries of constructs make it: the child `Resource` of a construct of a higher level. Four kinds, in
 * the size in which meshes hold them; the same for every subject of the benchmark.
 *
 * The shape matters: plain cdk8s slows down with every construct, so that objects which stand in the chart themselves
 * give a less favourable ratio at 1,000 charts (0.09 where this shape gives 0.04; at 10 charts the two are alike).
 */
export function addObject(scope: Construct, chart: number, index: number): void {
  const name = `reviews-${index}`;
  const namespace = `team-${chart}`;
  new ApiObject(new Construct(scope, name), 'Resource', KINDS[index % KINDS.length](name, namespace));
}

const KINDS: ((name: string, namespace: string) => ApiObjectProps & { spec: object })[] = [
  (name, namespace) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace, labels: { team: namespace } },
    spec: {
      hosts: [`${name}.${namespace}.svc.cluster.local`],
      gateways: ['mesh'],
      exportTo: ['.'],
      http: [
        {
          name: 'remote',
          match: [{ uri: { prefix: `/${name}/London` } }, { uri: { exact: `/${name}/Rome` } }],
          rewrite: { authority: `${name}.partner.example.com` },
          timeout: '3s',
          route: [
            {
              destination: { host: 'egress.istio-system.svc.cluster.local', subset: name, port: { number: 443 } },
              weight: 100,
            },
          ],
        },
        {
          name: 'otherwise',
          retries: { attempts: 2, perTryTimeout: '1s' },
          route: [{ destination: { host: `${name}.${namespace}.svc.cluster.local`, port: { number: 8000 } } }],
        },
      ],
    },
  }),
  (name, namespace) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name, namespace, labels: { team: namespace } },
    spec: {
      host: `${name}.partner.example.com`,
      exportTo: ['.'],
      trafficPolicy: {
        loadBalancer: { simple: 'LEAST_REQUEST' },
        outlierDetection: { consecutive5xxErrors: 5, interval: '30s', baseEjectionTime: '60s', maxEjectionPercent: 50 },
        portLevelSettings: [
          {
            port: { number: 443 },
            tls: {
              mode: 'MUTUAL',
              credentialName: `${name}-client`,
              sni: `${name}.partner.example.com`,
              subjectAltNames: [`spiffe://partner.local/ns/${namespace}/sa/${name}`],
            },
          },
        ],
      },
    },
  }),
  (name, namespace) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name, namespace, labels: { team: namespace } },
    spec: {
      hosts: [`${name}.partner.example.com`],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
      exportTo: ['.'],
      ports: [
        { number: 443, name: 'tls', protocol: 'TLS' },
        { number: 80, name: 'http', protocol: 'HTTP' },
      ],
      endpoints: [{ address: 'ingress.partner.example.com', ports: { tls: 15443 }, labels: { region: 'eu-1' } }],
    },
  }),
  (name, namespace) => ({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name, namespace, labels: { team: namespace } },
    spec: {
      selector: { matchLabels: { 'istio.io/gateway-name': 'ingress' } },
      action: 'ALLOW',
      rules: [
        {
          from: [{ source: { principals: [`production.local/ns/${namespace}/sa/${name}`] } }],
          to: [{ operation: { methods: ['GET', 'HEAD'], paths: [`/${name}/*`], ports: ['8080'] } }],
          when: [{ key: 'connection.sni', values: [`${name}.partner.example.com`] }],
        },
      ],
    },
  }),
];
