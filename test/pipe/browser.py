"""A headless Chromium on a pipe: the DevTools protocol with no library and no port.

    with Browser(folder) as b:
        page = b.open("/path/page.html")
        page.size(1280, 800); page.dark(True)
        page.run("document.title")
        page.faults         console errors, exceptions, requests beyond the file

Each wait ends after SECONDS. The browser gets a folder of its own for its data, and is ended
by its process id.
"""
import base64
import json
import os
import select
import shutil
import signal
import subprocess
import time

SECONDS = 120
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--disable-default-apps", "--no-default-browser-check",
         "--hide-scrollbars", "--force-color-profile=srgb", "--font-render-hinting=none",
         "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe"]


def program():
    """Where Chromium is, or None."""
    names = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
    return next((shutil.which(n) for n in names if n and shutil.which(n)), None)


class Browser:
    def __init__(self, folder):
        self.folder = os.path.join(folder, "browser")
        os.makedirs(self.folder, exist_ok=True)
        self.number, self.rest, self.pages, self.answers = 0, b"", {}, {}

    def __enter__(self):
        to_it, self.to_it = os.pipe()
        self.from_it, from_it = os.pipe()

        def ends():             # the protocol reads from 3 and writes to 4
            a, b = os.dup(to_it), os.dup(from_it)
            os.dup2(a, 3)
            os.dup2(b, 4)
        env = dict(os.environ, HOME=self.folder, XDG_CONFIG_HOME=self.folder, XDG_CACHE_HOME=self.folder)
        # a shell of Debian's starts it; its group is ended, so that nothing is left
        self.process = subprocess.Popen(
            [program(), *FLAGS, "--user-data-dir=" + self.folder, "about:blank"], env=env,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            close_fds=False, pass_fds=(), preexec_fn=ends, start_new_session=True)
        os.close(to_it)
        os.close(from_it)
        return self

    def __exit__(self, *_):
        try:
            self.ask("Browser.close")
        except (OSError, TimeoutError, RuntimeError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.to_it)
        os.close(self.from_it)

    def ask(self, method, session=None, **params):
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.to_it, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + SECONDS
        while number not in self.answers:
            self.listen(end, method)
        answer = self.answers.pop(number)
        if "error" in answer:
            raise RuntimeError("%s: %s" % (method, answer["error"]["message"]))
        return answer["result"]

    def listen(self, end, what):
        """Takes what the browser says next."""
        ready, _, _ = select.select([self.from_it], [], [], max(0, end - time.monotonic()))
        if not ready:
            raise TimeoutError("%s: no answer in %d s" % (what, SECONDS))
        data = os.read(self.from_it, 1 << 20)
        if not data:
            raise RuntimeError("%s: the browser ended" % what)
        *messages, self.rest = (self.rest + data).split(b"\0")
        for m in map(json.loads, messages):
            if "id" in m:
                self.answers[m["id"]] = m
            elif m.get("sessionId") in self.pages:
                self.pages[m["sessionId"]].hear(m["method"], m["params"])

    def open(self, path):
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self.pages[session] = Page(self, session, target, path)
        page.load()
        return page


class Page:
    def __init__(self, browser, session, target, path):
        self.browser, self.session, self.target = browser, session, target
        self.url = "file://" + os.path.abspath(path)
        self.faults, self.loaded = [], False

    def ask(self, method, **params):
        return self.browser.ask(method, self.session, **params)

    def hear(self, method, p):
        if method == "Page.loadEventFired":
            self.loaded = True
        elif method == "Runtime.exceptionThrown":
            self.faults.append("exception: %s" % p["exceptionDetails"].get("exception", {}).get("description"))
        elif method == "Runtime.consoleAPICalled" and p["type"] in ("error", "warning", "assert"):
            self.faults.append("console: %s" % [a.get("value") for a in p["args"]])
        elif method == "Log.entryAdded" and p["entry"]["level"] in ("error", "warning"):
            self.faults.append("log: %s" % p["entry"]["text"])
        elif method == "Network.requestWillBeSent" and p["request"]["url"].split("#")[0] != self.url:
            self.faults.append("request: %s" % p["request"]["url"][:200])

    def load(self):
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(domain + ".enable")
        self.ask("Page.navigate", url=self.url)
        end = time.monotonic() + SECONDS
        while not self.loaded:
            self.browser.listen(end, "load")

    def run(self, script):
        """The value of an expression; a promise's when it is settled."""
        r = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in r:
            raise RuntimeError(r["exceptionDetails"]["exception"].get("description", r))
        return r["result"].get("value")

    def size(self, width, height, scale=1):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=scale, mobile=False)

    def look(self, scheme="light", media="", motion="no-preference"):
        self.ask("Emulation.setEmulatedMedia", media=media, features=[
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": motion}])

    def press(self, key, code, text=""):
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code,
                     **({"text": text} if text and kind == "keyDown" else {}))

    def picture(self, path, whole=True):
        r = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(path, "wb") as f:
            f.write(base64.b64decode(r["data"]))

    def pdf(self, path):
        r = self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        with open(path, "wb") as f:
            f.write(base64.b64decode(r["data"]))

    def close(self):
        self.browser.ask("Target.closeTarget", targetId=self.target)
        del self.browser.pages[self.session]
