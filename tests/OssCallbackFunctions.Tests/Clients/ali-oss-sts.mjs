// ali-oss with the temporary key of POST /api/uploads, kind sts, as it was lent: node ali-oss-sts.mjs SCENARIO. Ends with exit code 0 when everything was as it says here.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import OSS from 'ali-oss';

const lent = JSON.parse(process.env.LENT);
const client = new OSS({
  region: `oss-${lent.region}`, endpoint: lent.endpoint, bucket: lent.bucket, accessKeyId: lent.accessKeyId, accessKeySecret: lent.accessKeySecret, stsToken: lent.securityToken,
  authorizationV4: true, timeout: 20000,
});

const denied = promise => assert.rejects(promise, error => error.status === 403 && error.code === 'AccessDenied');

const scenarios = {
  async put() {
    const { 'x-oss-callback': callback, ...headers } = lent.headers;
    await denied(client.put(`${lent.key}.other`, Buffer.from('x'), { headers }));
    await denied(client.list({ 'max-keys': 1 }));
    await denied(client.get(lent.key));
    const { data } = await client.put(lent.key, Buffer.from('hello'), { headers, callback: lent.callback });
    assert.equal(data.state, 'verified');
    assert.equal(data.id, lent.id);
    await assert.rejects(client.put(lent.key, Buffer.from('again'), { headers, callback: lent.callback }), { code: 'FileAlreadyExists', status: 409 });
  },
  async multipart() {
    const file = path.join(process.env.FOLDER, 'file');
    fs.writeFileSync(file, Buffer.alloc(300 * 1024, 'ab'));
    const { data } = await client.multipartUpload(lent.key, file, { callback: lent.callback, partSize: 100 * 1024, mime: lent.headers['Content-Type'] });
    assert.equal(data.state, 'verified');
    assert.equal(data.size, 300 * 1024);
  },
  async folder() {
    await client.put(`${lent.prefix}one.bin`, Buffer.from('1'));
    await client.put(`${lent.prefix}two/中 文+.bin`, Buffer.from('2'));
    await denied(client.put(`${lent.prefix.slice(0, -1)}.bin`, Buffer.from('3')));
    await denied(client.delete(`${lent.prefix}one.bin`));
  },
};

await scenarios[process.argv[2]]();
