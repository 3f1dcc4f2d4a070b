import type { Chromium } from './chromium';

/** One page in a browser. */
export class Tab {
  /** Errors of its scripts, its console and its policy. */
  public readonly errors: string[] = [];
  /** Everything that it asked for. */
  public readonly requests: string[] = [];

  /** Opens a file or address, as wide as a small laptop. */
  public static async open(chromium: Chromium, url: string, { withScripts = true } = {}): Promise<Tab> {
    const { targetId } = await chromium.send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await chromium.send<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    });
    const tab = new Tab(chromium, sessionId);
    for (const domain of ['Page', 'Runtime', 'Network', 'Log', 'Accessibility']) await tab.send(`${domain}.enable`);
    await tab.send('Emulation.setDeviceMetricsOverride', {
      width: 1280,
      height: 900,
      deviceScaleFactor: 1,
      mobile: false,
    });
    if (!withScripts) await tab.send('Emulation.setScriptExecutionDisabled', { value: true });
    const loaded = new Promise<void>((resolve) => {
      chromium.on(({ method, sessionId: of }) => {
        if (method === 'Page.loadEventFired' && of === sessionId) resolve();
      });
    });
    await tab.send('Page.navigate', { url });
    await loaded;
    return tab;
  }

  private constructor(
    private readonly chromium: Chromium,
    private readonly sessionId: string,
  ) {
    chromium.on(({ method, params, sessionId: of }) => {
      if (of !== sessionId) return;
      const text = JSON.stringify(params);
      if (method === 'Network.requestWillBeSent')
        this.requests.push((params as { request: { url: string } }).request.url);
      if (method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded' || method === 'Runtime.consoleAPICalled')
        this.errors.push(text);
    });
  }

  public send<T>(method: string, params: object = {}): Promise<T> {
    return this.chromium.send<T>(method, params, this.sessionId);
  }

  /** The value of an expression in the page. */
  public async value<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send<{
      result: { value: T };
      exceptionDetails?: { exception?: { description?: string } };
    }>('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description}`);
    return result.value;
  }

  /** Clicks in the middle of an element, as a mouse does. */
  public async click(selector: string): Promise<void> {
    const place = `(() => { const e = document.querySelector(${JSON.stringify(selector)}); e.scrollIntoView({ block: 'center' }); const r = e.getBoundingClientRect(); return { x: r.x + r.width / 2, y: r.y + r.height / 2 }; })()`;
    const { x, y } = await this.value<{ x: number; y: number }>(place);
    for (const type of ['mousePressed', 'mouseReleased']) {
      await this.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
    }
  }

  /** Presses a key where the focus is. */
  public async press(key: 'Enter' | 'Tab'): Promise<void> {
    const code = key === 'Enter' ? { text: '\r', windowsVirtualKeyCode: 13 } : { windowsVirtualKeyCode: 9 };
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code: key, ...code });
    await this.send('Input.dispatchKeyEvent', {
      type: 'keyUp',
      key,
      code: key,
      windowsVirtualKeyCode: code.windowsVirtualKeyCode,
    });
  }

  public async type(text: string): Promise<void> {
    await this.send('Input.insertText', { text });
  }

  /** What is on the screen, as PNG. */
  public async screenshot(): Promise<Buffer> {
    const { data } = await this.send<{ data: string }>('Page.captureScreenshot', { format: 'png' });
    return Buffer.from(data, 'base64');
  }
}
