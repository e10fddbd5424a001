/** Whom certificates are asked of: its directory URL, and where a test authority serves its root (empty for others). */
export interface CertificateAuthority {
  readonly server: string;
  readonly rootUrl: string;
}

const TEST_WORDS = /(^|[^a-z])(staging|stage|stg|test\d*|testing|sandbox|pebble)([^a-z]|$)/;

/**
 * Whether an authority's certificates are for production, so that browsers may be told to insist on HTTPS. A browser that
 * was told so under a test authority would refuse the site for two years where nobody can click a warning away. Test
 * authorities are those with a root of their own to fetch, and public ones whose URL says so
 * (`acme-staging-v02.api.letsencrypt.org`, `dv.acme-v02.test-api.pki.goog`, `api.test4.buypass.no`).
 */
export function isProductionAuthority({ server, rootUrl }: CertificateAuthority): boolean {
  return rootUrl === "" && !TEST_WORDS.test(server.toLowerCase());
}
