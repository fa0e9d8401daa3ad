// A page in headless Chromium, watched: what it says, asks for and is refused.
import puppeteer from 'puppeteer-core';

export const launch = (profile) => puppeteer.launch({
  executablePath: '/usr/bin/chromium',
  userDataDir: profile,
  args: ['--no-sandbox', '--disable-background-networking',
         '--disable-component-update', '--disable-dev-shm-usage',
         '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
});

export const open = async (browser, path, { width = 1280, height = 900,
                                            scheme = 'light',
                                            script = true } = {}) => {
  const page = await browser.newPage();
  const seen = { errors: [], requests: [] };
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) {
      seen.errors.push(message.text());
    }
  });
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  page.on('request', (request) => seen.requests.push(request.url()));
  await page.setJavaScriptEnabled(script);
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: scheme }]);
  await page.evaluateOnNewDocument(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      window.violations.push(event.effectiveDirective));
  });
  const start = performance.now();
  await page.goto(`file://${path}`, { waitUntil: 'load' });
  seen.loaded_ms = performance.now() - start;
  return { page, seen };
};
