// Receives SePay's deliveries and accepts only authentic ones. Node.js 18 or later, no packages.
//
//   AUTHENTICATION=hmac    WEBHOOK_SECRETS=new,old                             node receiver.mjs
//   AUTHENTICATION=api_key WEBHOOK_SECRETS=new,old                             node receiver.mjs
//   AUTHENTICATION=oauth2  WEBHOOK_SECRETS=new,old WEBHOOK_CLIENT_ID=deliveries node receiver.mjs
//
// WEBHOOK_SECRETS are the values that are accepted, so that a rotation loses no delivery.
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const mode = process.env.AUTHENTICATION ?? "hmac";
const secrets = (process.env.WEBHOOK_SECRETS ?? "").split(",").filter(Boolean);
const clientID = process.env.WEBHOOK_CLIENT_ID ?? "";
const tokenKey = randomBytes(32); // of the tokens that this process issues
const lifetime = 3600;
const tolerance = 300; // seconds
const largestBody = 1 << 20;
const seen = new Set(); // a database in practice

const now = () => Math.floor(Date.now() / 1000);
const digest = (value) => createHash("sha256").update(String(value)).digest();
// Compares digests: equal lengths, and no early exit that would reveal how much of a guess is right.
const equal = (a, b) => timingSafeEqual(digest(a), digest(b));
const hmac = (key, ...parts) => parts.reduce((mac, part) => mac.update(part), createHmac("sha256", key)).digest("hex");

// SePay signs "{timestamp}.{body}", so use the body as it arrived: parsed and written again it may differ.
function signed(headers, body) {
  const timestamp = headers["x-sepay-timestamp"] ?? "";
  if (!/^\d+$/.test(timestamp) || Math.abs(now() - Number(timestamp)) > tolerance) return false; // old or replayed
  return secrets.some((secret) => equal(headers["x-sepay-signature"], "sha256=" + hmac(secret, timestamp, ".", body)));
}

const hasAPIKey = (headers) => secrets.some((key) => equal(headers.authorization, `Apikey ${key}`));

const issueToken = (expiry) => `${expiry}.${hmac(tokenKey, String(expiry))}`;

function hasToken(headers) {
  const [, token, expiry] = /^Bearer ((\d+)\..+)$/.exec(headers.authorization ?? "") ?? [];
  return token !== undefined && Number(expiry) > now() && equal(token, issueToken(Number(expiry)));
}

const authentic = { hmac: signed, api_key: hasAPIKey, oauth2: hasToken }[mode];
if (!authentic || secrets.length === 0) throw new Error("set AUTHENTICATION and WEBHOOK_SECRETS");

// SePay fetches a token here before a delivery: this is the webhook's oauth2_access_token_url.
function token(body) {
  const { clientId, clientSecret } = JSON.parse(body.toString());
  if (!equal(clientId, clientID) || !secrets.some((secret) => equal(clientSecret, secret))) return [401, { success: false }];
  const accessToken = issueToken(now() + lifetime);
  return [200, { data: { accessToken, refreshToken: accessToken, expiredIn: lifetime } }];
}

async function parse(type, body) {
  if (type.startsWith("application/json")) return JSON.parse(body.toString());
  return Object.fromEntries(await new Response(body, { headers: { "content-type": type } }).formData());
}

async function delivery(headers, body) {
  if (!authentic(headers, body)) return [401, { success: false }];
  const payment = await parse(headers["content-type"] ?? "application/json", body);
  const id = String(payment.id);
  if (!seen.has(id)) {
    seen.add(id); // a delivery may be repeated: process each id once
    console.log(`payment ${id}: ${payment.transferType} ${payment.transferAmount}`);
  }
  return [200, { success: true }]; // anything else makes SePay retry
}

const server = createServer(async (request, response) => {
  let answer = [404, { success: false }];
  try {
    const chunks = [];
    let size = 0;
    for await (const chunk of request) {
      if ((size += chunk.length) > largestBody) return request.destroy();
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    if (request.method === "POST" && request.url === "/sepay") answer = await delivery(request.headers, body);
    if (request.method === "POST" && request.url === "/oauth/token" && mode === "oauth2") answer = token(body);
  } catch {
    answer = [400, { success: false }];
  }
  response.writeHead(answer[0], { "content-type": "application/json" }).end(JSON.stringify(answer[1]));
});

server.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
