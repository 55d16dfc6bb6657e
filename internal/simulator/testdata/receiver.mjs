// A receiver of SePay's webhooks. It checks each delivery to /AUTHENTICATION/CONTENT-TYPE by its own means, responds as SePay
// expects, and prints one line of JSON for each request.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const { API_KEY, SECRET_KEY, CLIENT_ID, CLIENT_SECRET } = process.env;
const issued = new Set();

const equal = (a, b) => {
  const [left, right] = [Buffer.from(a ?? ''), Buffer.from(b ?? '')];
  return left.length === right.length && timingSafeEqual(left, right);
};

const authentic = {
  No_Authen: (headers) => headers.authorization === undefined && headers['x-sepay-signature'] === undefined,
  Api_Key: (headers) => equal(headers.authorization, `Apikey ${API_KEY}`),
  HMAC_SHA256: (headers, raw) => {
    const timestamp = headers['x-sepay-timestamp'];
    const fresh = Math.abs(Date.now() / 1000 - Number(timestamp)) < 300;
    const digest = createHmac('sha256', SECRET_KEY).update(`${timestamp}.`).update(raw).digest('hex');
    return fresh && equal(headers['x-sepay-signature'], `sha256=${digest}`);
  },
  // Each token is good for one delivery: it has to be fetched before each.
  'OAuth2.0': (headers) => issued.delete((headers.authorization ?? '').replace(/^Bearer /, '')),
};

const fields = {
  Json: async (type, raw) => type === 'application/json' && JSON.parse(raw),
  'multipart_form-data': async (type, raw) =>
    type.startsWith('multipart/form-data') &&
    Object.fromEntries(await new Response(raw, { headers: { 'content-type': type } }).formData()),
  'application_x-www-form-urlencoded': async (type, raw) =>
    type === 'application/x-www-form-urlencoded' && Object.fromEntries(new URLSearchParams(raw.toString())),
};

const respond = (response, status, body) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const raw = Buffer.concat(chunks);

  if (request.url === '/token') {
    const asked = JSON.parse(raw);
    if (asked.clientId !== CLIENT_ID || asked.clientSecret !== CLIENT_SECRET) return respond(response, 401, {});
    const accessToken = `token-${issued.size}-${process.hrtime.bigint()}`;
    issued.add(accessToken);
    return respond(response, 200, { data: { accessToken, refreshToken: 'unused', expiredIn: 3600 } });
  }

  const [, authentication, contentType] = request.url.split('/');
  const accepted = authentic[authentication](request.headers, raw);
  const body = await fields[contentType](request.headers['content-type'] ?? '', raw).catch(() => false);

  console.log(JSON.stringify({ authentication, contentType, host: request.headers.host, authentic: accepted, body }));
  respond(response, accepted && body ? 200 : 401, { success: Boolean(accepted && body) });
});

server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
