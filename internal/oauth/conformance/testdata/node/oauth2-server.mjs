// An authorization server on loopback whose user approves everything. It prints its address, and exits when its standard input ends.
import { createServer } from "node:http";
import OAuth2Server from "@node-oauth/oauth2-server";

const { CLIENT_ID, CLIENT_SECRET, REDIRECT_URL } = process.env;
const { Request, Response } = OAuth2Server;
const client = { id: CLIENT_ID, grants: ["authorization_code", "refresh_token"], redirectUris: [REDIRECT_URL] };
const codes = new Map(), access = new Map(), refresh = new Map();

const oauth = new OAuth2Server({
  accessTokenLifetime: 3600,
  authenticateHandler: { handle: () => ({ id: "user" }) },
  refreshTokenLifetime: 30 * 24 * 3600,
  model: {
    getClient: (id, secret) => id === CLIENT_ID && (secret === null || secret === CLIENT_SECRET) && client,
    saveAuthorizationCode: (code, of, user) => {
      codes.set(code.authorizationCode, { ...code, client: of, user });
      return codes.get(code.authorizationCode);
    },
    getAuthorizationCode: (code) => codes.get(code),
    revokeAuthorizationCode: ({ authorizationCode }) => codes.delete(authorizationCode),
    saveToken: (token, of, user) => {
      const saved = { ...token, client: of, user };
      access.set(token.accessToken, saved);
      refresh.set(token.refreshToken, saved);
      return saved;
    },
    getAccessToken: (token) => access.get(token),
    getRefreshToken: (token) => refresh.get(token),
    revokeToken: ({ refreshToken }) => refresh.delete(refreshToken),
    validateScope: (_, __, scope) => scope,
    verifyScope: () => true,
  },
});

const routes = {
  "/authorize": (request, response) => oauth.authorize(request, response),
  "/token": (request, response) => oauth.token(request, response),
  "/introspect": ({ body }, response) => { response.body = { active: access.has(body.token) }; },
  // Revokes the access token that was issued with the refresh token, too.
  "/revoke": ({ body }) => {
    access.delete(refresh.get(body.token)?.accessToken);
    refresh.delete(body.token);
  },
};

const listener = createServer(async (incoming, outgoing) => {
  const { pathname, searchParams } = new URL(incoming.url, "http://127.0.0.1");
  let text = "";
  for await (const chunk of incoming) text += chunk;

  const request = new Request({
    body: Object.fromEntries(new URLSearchParams(text)), headers: incoming.headers, method: incoming.method,
    query: Object.fromEntries(searchParams),
  });
  const response = new Response({ headers: {} });

  try {
    await routes[pathname](request, response);
  } catch (error) {
    response.status = response.status >= 300 ? response.status : error.code ?? 500;
    response.body = { error: error.name, error_description: error.message };
  }

  outgoing.writeHead(response.status ?? 200, { "content-type": "application/json", ...response.headers });
  outgoing.end(JSON.stringify(response.body ?? {}));
});

listener.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${listener.address().port}`));
process.stdin.on("end", () => process.exit(0)).resume();
