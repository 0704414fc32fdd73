// What every page has: the task that the test gave it, the file's bytes, and a way to tell the test how far it is. Paths are relative to the page's own, /runs/ID/.

/** Tells the test that a step is reached, and waits until the test says to go on. */
export const tell = (step, data = {}) => fetch(`steps/${step}`, { method: 'POST', body: JSON.stringify(data) });

/** The file to upload, as a user would have chosen it. */
export const file = async ({ name, type }) => new File([await (await fetch('content')).blob()], name, { type });

/** Runs the page: what it returns, or why it failed, is its last step. */
export const run = async act => {
  try {
    await tell('done', await act(await (await fetch('task')).json()));
  } catch (error) {
    await tell('failed', { error: `${error.stack ?? error}` });
  }
};
