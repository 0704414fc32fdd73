// ali-oss as its users use it, against the OSS at OSS_ENDPOINT: node ali-oss.mjs SCENARIO. Ends with exit code 0 when everything was as it says here.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import OSS from 'ali-oss';

const { OSS_ENDPOINT, OSS_STS_ENDPOINT, OSS_BUCKET, OSS_REGION, OSS_ID, OSS_SECRET, OSS_TOKEN, OSS_SIGNATURE, CALLBACK_URL } = process.env;
const isV4 = OSS_SIGNATURE === 'v4';
// "path" is for endpoints that are IP addresses: ali-oss puts the bucket into the path only when it is told to (sldEnable).
const keys = ['plain.txt', 'a b+c%.txt', 'a//b', '中文/文件 😀.txt', "quote'()!*.txt", 'amp&eq=?.txt', '%2F%zz'];

// *.localhost is this machine, whatever the resolver says.
const lookup = (name, options, done) => (options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4));
const agent = new http.Agent({ lookup, keepAlive: false });

const client = (options = {}) => new OSS({
  region: `oss-${OSS_REGION}`, endpoint: OSS_ENDPOINT, bucket: OSS_BUCKET, accessKeyId: OSS_ID, accessKeySecret: OSS_SECRET, stsToken: OSS_TOKEN || undefined,
  authorizationV4: isV4, agent, timeout: 20000, ...options,
});

const send = (url, { method = 'GET', headers = {}, body } = {}) => new Promise((resolve, reject) => {
  const request = http.request(url, { method, headers, lookup }, response => {
    const chunks = [];
    response.on('data', chunk => chunks.push(chunk)).on('error', reject)
      .on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
  });
  request.on('error', reject).end(body);
});

const temporaryFile = bytes => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'ali-oss-')), 'file');
  fs.writeFileSync(file, bytes);
  return file;
};

const rejects = async (promise, expected) => {
  await assert.rejects(promise, error => {
    for (const [name, value] of Object.entries(expected)) {
      assert.equal(error[name], value, `${name} of ${error}`);
    }

    return true;
  });
};

const scenarios = {
  async objects() {
    const oss = client();
    for (const key of keys) {
      const bytes = Buffer.from(`content of ${key}`);
      const put = await oss.put(key, bytes, { meta: { uid: 42, name: 'x y' }, mime: 'text/plain', headers: { 'Cache-Control': 'no-cache' } });
      assert.equal(put.res.status, 200);
      const got = await oss.get(key);
      assert.deepEqual(got.content, bytes);
      const head = await oss.head(key);
      assert.deepEqual(head.meta, { uid: '42', name: 'x y' });
      assert.equal(head.res.headers['content-type'], 'text/plain');
      assert.equal(head.res.headers['cache-control'], 'no-cache');
      assert.equal(head.res.headers.etag, `"${crypto.createHash('md5').update(bytes).digest('hex').toUpperCase()}"`);
      assert.equal(head.res.headers['content-length'], String(bytes.length));
    }

    const stream = await oss.getStream('plain.txt', { headers: { Range: 'bytes=0-6' } });
    assert.equal(stream.res.status, 206);
    const pieces = [];
    for await (const piece of stream.stream) pieces.push(piece);
    assert.equal(Buffer.concat(pieces).toString(), 'content');

    const copied = await oss.copy('copy of plain.txt', 'plain.txt');
    assert.equal(copied.res.status, 200);
    assert.deepEqual((await oss.get('copy of plain.txt')).content, Buffer.from('content of plain.txt'));

    const meta = await oss.getObjectMeta('plain.txt');
    assert.equal(meta.res.headers['content-length'], '20');
    await oss.putACL('plain.txt', 'public-read');
    assert.equal((await oss.getACL('plain.txt')).acl, 'public-read');
    await oss.putObjectTagging('plain.txt', { a: '1', 'b c': '2 3' });
    assert.deepEqual((await oss.getObjectTagging('plain.txt')).tag, { a: '1', 'b c': '2 3' });
    await oss.deleteObjectTagging('plain.txt');
    assert.deepEqual((await oss.getObjectTagging('plain.txt')).tag, {});

    await rejects(oss.put('plain.txt', Buffer.from('x'), { headers: { 'x-oss-forbid-overwrite': 'true' } }), { code: 'FileAlreadyExists', status: 409 });
    await rejects(oss.get('missing'), { code: 'NoSuchKey', status: 404 });
    await rejects(oss.head('missing'), { code: 'NoSuchKey', status: 404 });
    // Its HTTP client resolves dot segments after the signing, so that it asks for another object than it signed.
    await rejects(oss.put('dir/../up.txt', Buffer.from('x')), { code: 'SignatureDoesNotMatch', status: 403 });
    await rejects(client({ accessKeySecret: 'wrong' }).put('x', Buffer.from('x')), { code: 'SignatureDoesNotMatch', status: 403 });
  },

  async lists() {
    const oss = client();
    for (const key of keys) await oss.put(key, Buffer.from(key));
    assert.deepEqual((await oss.list({ 'max-keys': 1000 })).objects.map(object => object.name).sort(), [...keys].sort());

    const all = [];
    let marker;
    do {
      const page = await oss.list({ 'max-keys': 3, ...(marker && { marker }) });
      all.push(...page.objects.map(object => object.name));
      marker = page.nextMarker;
    } while (marker);
    assert.deepEqual(all.sort(), [...keys].sort());

    const allV2 = [];
    let token;
    do {
      const page = await oss.listV2({ 'max-keys': '3', ...(token && { 'continuation-token': token }) });
      allV2.push(...(page.objects ?? []).map(object => object.name));
      token = page.nextContinuationToken;
    } while (token);
    assert.deepEqual(allV2.sort(), [...keys].sort());

    const folders = await oss.list({ delimiter: '/' });
    assert.deepEqual(folders.prefixes.sort(), ['a/', '中文/'].sort());
    const folder = await oss.listV2({ prefix: '中文/', delimiter: '/' });
    assert.deepEqual(folder.objects.map(object => object.name), ['中文/文件 😀.txt']);

    await oss.delete('plain.txt');
    await oss.deleteMulti(keys.slice(1));
    assert.deepEqual((await oss.list()).objects ?? [], []);
  },

  async buckets() {
    const oss = client();
    const name = 'ali-oss-new-bucket';
    await oss.putBucket(name);
    assert.ok((await oss.listBuckets()).buckets.some(bucket => bucket.name === name));
    assert.equal((await oss.getBucketInfo(name)).bucket.Name, name);
    assert.equal((await oss.getBucketLocation(name)).location, `oss-${OSS_REGION}`);
    await oss.putBucketACL(name, 'public-read');
    assert.equal((await oss.getBucketACL(name)).acl, 'public-read');
    await oss.putBucketCORS(name, [{ allowedOrigin: '*', allowedMethod: ['GET', 'PUT'], allowedHeader: '*', exposeHeader: 'ETag', maxAgeSeconds: '60' }]);
    assert.deepEqual((await oss.getBucketCORS(name)).rules[0].allowedMethod, ['GET', 'PUT']);
    await oss.deleteBucketCORS(name);
    await oss.putBucketVersioning(name, 'Enabled');
    assert.equal((await oss.getBucketVersioning(name)).versionStatus, 'Enabled');
    await oss.deleteBucket(name);
    await rejects(client({ bucket: name }).put('x', Buffer.from('x')), { code: 'NoSuchBucket', status: 404 });
  },

  async multipart() {
    const oss = client();
    const bytes = crypto.randomBytes(1024 * 1024 + 7);
    const file = temporaryFile(bytes);
    const key = 'multi part/文件.bin';
    let checkpoint;
    let sent = 0;
    await assert.rejects(oss.multipartUpload(key, file, {
      partSize: 100 * 1024,
      parallel: 2,
      progress: (done, saved) => {
        checkpoint = JSON.parse(JSON.stringify(saved));
        if (++sent === 4) oss.cancel();
      },
    }), error => error.name === 'cancel');
    assert.ok(checkpoint.doneParts.length >= 3 && checkpoint.doneParts.length < 11, `${checkpoint.doneParts.length} parts`);

    const again = client();
    const stored = await again.listParts(key, checkpoint.uploadId, { 'max-parts': 1000 });
    assert.ok(stored.parts.length >= checkpoint.doneParts.length);
    const open = await again.listUploads({ 'max-uploads': 10 });
    assert.deepEqual(open.uploads.map(upload => [upload.name, upload.uploadId]), [[key, checkpoint.uploadId]]);

    const done = await again.multipartUpload(key, file, { checkpoint, partSize: 100 * 1024, parallel: 2, meta: { a: 'b' } });
    assert.equal(done.res.status, 200);
    assert.match(done.etag, /-11"$/);
    assert.deepEqual((await again.get(key)).content, bytes);

    const copied = await again.multipartUploadCopy('copied.bin', { sourceKey: key, sourceBucketName: OSS_BUCKET }, { partSize: 256 * 1024, parallel: 2 });
    assert.equal(copied.res.status, 200);
    assert.deepEqual((await again.get('copied.bin')).content, bytes);

    const begun = await again.initMultipartUpload('given up');
    await again.uploadPart('given up', begun.uploadId, 1, file, 0, 1000);
    await again.abortMultipartUpload('given up', begun.uploadId);
    await rejects(again.uploadPart('given up', begun.uploadId, 2, file, 0, 1000), { code: 'NoSuchUpload', status: 404 });

    const appended = await again.append('log', Buffer.from('one'));
    await again.append('log', Buffer.from('two'), { position: appended.nextAppendPosition });
    assert.equal((await again.get('log')).content.toString(), 'onetwo');
    await rejects(again.append('log', Buffer.from('x'), { position: 1 }), { code: 'PositionNotEqualToLength', status: 409 });
    fs.rmSync(path.dirname(file), { recursive: true });
  },

  async urls() {
    const oss = client({ sldEnable: isV4 && /\d+\.\d+\.\d+\.\d+/.test(OSS_ENDPOINT) });
    for (const key of keys) {
      const sign = (method, headers = {}) => isV4
        ? oss.signatureUrlV4(method, 300, { headers }, key)
        : Promise.resolve(oss.signatureUrl(key, { method, expires: 300, ...headers }));
      const put = await send(await sign('PUT', { 'Content-Type': 'text/plain' }), { method: 'PUT', headers: { 'Content-Type': 'text/plain' }, body: key });
      assert.equal(put.status, 200, `${key}: ${put.body}`);
      const get = await send(await sign('GET'));
      assert.equal(get.status, 200, `${key}: ${get.body}`);
      assert.equal(get.body.toString(), key);
      const other = await send(await sign('PUT', { 'Content-Type': 'text/plain' }), { method: 'PUT', headers: { 'Content-Type': 'text/html' }, body: key });
      assert.equal(other.status, 403, String(other.body));
      assert.match(other.body.toString(), /SignatureDoesNotMatch/);
    }
  },

  async forms() {
    const oss = client();
    const now = new Date();
    const expiration = new Date(now.getTime() + 60000).toISOString();
    const fields = { key: 'form/${filename}', success_action_status: '200' };
    if (isV4) {
      const date = now.toISOString().replace(/[-:]|\.\d+/g, '');
      Object.assign(fields, {
        'x-oss-signature-version': 'OSS4-HMAC-SHA256', 'x-oss-credential': `${OSS_ID}/${date.slice(0, 8)}/${OSS_REGION}/oss/aliyun_v4_request`, 'x-oss-date': date,
      });
      const policy = {
        expiration,
        conditions: [
          { bucket: OSS_BUCKET }, ['eq', '$key', fields.key], ['content-length-range', 1, 100],
          ...Object.entries(fields).filter(([name]) => name.startsWith('x-oss-')).map(([name, value]) => ({ [name]: value })),
        ],
      };
      fields['x-oss-signature'] = oss.signPostObjectPolicyV4(policy, now);
      fields.policy = Buffer.from(JSON.stringify(policy)).toString('base64');
    } else {
      const signed = oss.calculatePostSignature({ expiration, conditions: [{ bucket: OSS_BUCKET }, ['content-length-range', 1, 100]] });
      Object.assign(fields, { OSSAccessKeyId: signed.OSSAccessKeyId, policy: signed.policy, Signature: signed.Signature });
    }

    const post = async (changed, content) => {
      const form = new FormData();
      for (const [name, value] of Object.entries({ ...fields, ...changed })) form.append(name, value);
      form.append('file', new Blob([content], { type: 'image/png' }), '图 1.png');
      return fetch(`${OSS_ENDPOINT.replace(/\/\/[^:]+/, '//127.0.0.1')}/${OSS_BUCKET}/`, { method: 'POST', body: form });
    };
    const stored = await post({}, 'content');
    assert.equal(stored.status, 200, await stored.text());
    const head = await oss.head('form/图 1.png');
    assert.equal(head.res.headers['content-type'], 'image/png');
    assert.equal((await post({}, 'x'.repeat(101))).status, 400);
    const forged = await post({ policy: Buffer.from(JSON.stringify({ expiration, conditions: [{ bucket: OSS_BUCKET }] })).toString('base64') }, 'content');
    assert.equal(forged.status, 403);
  },

  async callbacks() {
    const oss = client();
    const callback = {
      url: CALLBACK_URL, body: 'bucket=${bucket}&object=${object}&size=${size}&uid=${x:uid}', contentType: 'application/x-www-form-urlencoded', customValue: { uid: 'a b/c' },
    };
    const put = await oss.put('called back/中.txt', Buffer.from('hello'), { callback });
    assert.deepEqual(put.data, { Status: 'OK' });

    const file = temporaryFile(crypto.randomBytes(300 * 1024));
    const completed = await oss.multipartUpload('called back/multi', file, { callback, partSize: 100 * 1024 });
    assert.deepEqual(completed.data, { Status: 'OK' });
    await rejects(oss.put('not called back', Buffer.from('x'), { callback: { ...callback, url: `${CALLBACK_URL}/fails` } }), { code: 'CallbackFailed', status: 203 });
    assert.equal((await oss.get('not called back')).content.toString(), 'x');
    fs.rmSync(path.dirname(file), { recursive: true });
  },

  async sts() {
    const sts = new OSS.STS({ accessKeyId: OSS_ID, accessKeySecret: OSS_SECRET, endpoint: OSS_STS_ENDPOINT });
    const policy = {
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: ['oss:PutObject', 'oss:AbortMultipartUpload', 'oss:ListParts'], Resource: [`acs:oss:*:*:${OSS_BUCKET}/user/42/*`] }],
    };
    const { credentials } = await sts.assumeRole('acs:ram::1234567890123456:role/uploader', policy, 900, 'user-42');
    assert.match(credentials.AccessKeyId, /^STS\./);
    const user = client({ accessKeyId: credentials.AccessKeyId, accessKeySecret: credentials.AccessKeySecret, stsToken: credentials.SecurityToken });
    await user.put('user/42/a.txt', Buffer.from('mine'));
    const file = temporaryFile(crypto.randomBytes(250 * 1024));
    await user.multipartUpload('user/42/big', file, { partSize: 100 * 1024 });
    await rejects(user.put('user/43/a.txt', Buffer.from('not mine')), { code: 'AccessDenied', status: 403 });
    await rejects(user.get('user/42/a.txt'), { code: 'AccessDenied', status: 403 });
    await rejects(user.list(), { code: 'AccessDenied', status: 403 });
    await rejects(client({ accessKeyId: credentials.AccessKeyId, accessKeySecret: credentials.AccessKeySecret, stsToken: `${credentials.SecurityToken}x` }).put('user/42/b', Buffer.from('x')), { code: 'InvalidSecurityToken', status: 403 });
    await rejects(new OSS.STS({ accessKeyId: OSS_ID, accessKeySecret: 'wrong', endpoint: OSS_STS_ENDPOINT }).assumeRole('acs:ram::1234567890123456:role/uploader', policy, 900, 'user-42'), { code: 'SignatureDoesNotMatch' });
    fs.rmSync(path.dirname(file), { recursive: true });
  },
};

await scenarios[process.argv[2]]();
