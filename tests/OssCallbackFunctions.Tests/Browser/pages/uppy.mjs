import { file, run, tell } from './page.mjs';

/** Uppy as its users set it up, in any version: its AWS S3 plugin with a capability URL, and nothing else. */
export const upload = (Uppy, AwsS3, options) => run(async task => {
  const { endpoint, multipart, after, then } = task;
  const uppy = new Uppy();
  uppy.use(AwsS3, { ...options(endpoint), shouldUseMultipart: multipart });
  const data = await file(task);
  uppy.addFile({ name: data.name, type: data.type, data });

  if (then) {
    // When so many parts are there and bytes of the next one are on their way.
    let parts = 0;
    let bytes = 0;
    let stopped = false;
    const look = async () => {
      if (!stopped && parts >= after.parts && bytes > after.bytes) {
        stopped = true;
        if (then === 'cancel') {
          uppy.cancelAll();
        } else {
          uppy.pauseAll();
          await tell('paused');
          uppy.resumeAll();
        }
      }
    };
    uppy.on('s3-multipart:part-uploaded', () => { parts++; look(); });
    uppy.on('upload-progress', (_, progress) => { bytes = progress.bytesUploaded; look(); });
  }

  if (then === 'cancel') {
    // What upload() comes to after a cancel differs from version to version.
    await Promise.race([uppy.upload().catch(() => {}), new Promise(resolve => uppy.on('cancel-all', resolve))]);
    return {};
  }

  const { successful, failed } = await uppy.upload();
  return { urls: successful.map(done => done.uploadURL), errors: failed.map(done => `${done.error}`) };
});
