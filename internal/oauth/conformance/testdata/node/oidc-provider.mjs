// An authorization server on loopback whose user approves everything. It prints its address, and exits when its standard input ends.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const { CLIENT_ID, CLIENT_SECRET, REDIRECT_URL } = process.env;
const listener = createServer();

listener.listen(0, "127.0.0.1", () => {
  const address = `http://127.0.0.1:${listener.address().port}`;
  const provider = new Provider(address, {
    clients: [{
      client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uris: [REDIRECT_URL], application_type: "native",
      grant_types: ["authorization_code", "refresh_token"], response_types: ["code"],
      token_endpoint_auth_method: "client_secret_post",
    }],
    cookies: { keys: ["key of this test"] },
    features: { devInteractions: { enabled: false }, introspection: { enabled: true }, revocation: { enabled: true } },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    issueRefreshToken: () => true,
    pkce: { required: () => false },
    rotateRefreshToken: true,
    scopes: ["openid", "offline_access"],
    ttl: { AccessToken: 3600, RefreshToken: 30 * 24 * 3600, Grant: 30 * 24 * 3600, Session: 3600, Interaction: 3600, IdToken: 3600 },
  });
  const protocol = provider.callback();

  listener.on("request", async (request, response) => {
    if (!request.url.startsWith("/interaction/")) {
      protocol(request, response);
      return;
    }

    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === "login") {
      await provider.interactionFinished(request, response, { login: { accountId: "user" } });
      return;
    }

    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
  });

  console.log(address);
});

process.stdin.on("end", () => process.exit(0)).resume();
