import { file, run } from './page.mjs';

// A browser without any library: what an app lent, as it was lent.
const ways = {
  async put({ method, url, headers }, body) {
    const response = await fetch(url, { method, headers, body });
    return { status: response.status, etag: response.headers.get('ETag'), body: await response.text() };
  },

  xhr: ({ method, url, headers }, body) => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let loaded = 0;
    request.upload.onprogress = event => { loaded = event.loaded; };
    request.onload = () => resolve({ status: request.status, etag: request.getResponseHeader('ETag'), body: request.responseText, loaded });
    request.onerror = () => reject(new Error('The request failed.'));
    request.open(method, url);
    Object.entries(headers).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.send(body);
  }),

  async form({ method, url, fields }, body) {
    const form = new FormData();
    Object.entries(fields).forEach(([name, value]) => form.append(name, value));
    form.append('file', body);
    const response = await fetch(url, { method, body: form });
    return { status: response.status, etag: response.headers.get('ETag'), body: await response.text() };
  },
};

run(async task => ways[task.way](task.lent, await file(task)));
