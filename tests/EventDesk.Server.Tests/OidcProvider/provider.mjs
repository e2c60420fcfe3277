// A real OpenID provider for the tests, on 127.0.0.1:$1, for the client whose callback is at $2. It lets in, without asking, whoever was named last at
// /control: {"account":"ann","email":"ann@example.com","amr":["pwd","mfa"]}.
import Provider from 'oidc-provider';

const [port, callback] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const audience = 'urn:eventdesk:api';
const accounts = new Map();
let next = { account: 'nobody', amr: [] };

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'eventdesk', client_secret: 'a secret, with: signs & spaces', redirect_uris: [callback], response_types: ['code'], grant_types: ['authorization_code'],
      backchannel_logout_uri: new URL('/sign-in/back-channel-logout', callback).href, backchannel_logout_session_required: true,
    },
    { client_id: 'robot', client_secret: 'robot', redirect_uris: [], response_types: [], grant_types: ['client_credentials'] },
  ],
  claims: { openid: ['sub', 'amr'], email: ['email', 'email_verified'], profile: ['name'] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  // The dispatcher it brings fits newer releases of Node only.
  fetch: (url, { dispatcher: _, ...options }) => globalThis.fetch(url, options),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...accounts.get(sub) }) }),
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    clientCredentials: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource: (ctx, form) => { ctx.body = `${form}<script>document.forms[0].submit()</script>`; } },
    resourceIndicators: {
      enabled: true,
      defaultResource: (ctx) => (ctx.oidc.client.clientId === 'robot' ? audience : undefined),
      getResourceServerInfo: () => ({ scope: 'api', audience, accessTokenTTL: 600, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }),
    },
  },
});

provider.use(async (ctx, then) => {
  if (ctx.path === '/control') {
    let body = '';
    for await (const chunk of ctx.req) body += chunk;
    next = JSON.parse(body);
    accounts.set(next.account, { email: next.email, email_verified: next.verified ?? true, name: next.account });
    ctx.body = '{}';
  } else if (ctx.path.startsWith('/interaction/')) {
    await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: next.account, amr: next.amr, remember: false }, consent: {} });
    ctx.respond = false;
  } else await then();
});

provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
