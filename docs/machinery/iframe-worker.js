/*
 * Search without a server: a browser starts no Worker from a page that was opened as a file. This one stands in for it.
 * It runs the same script in a hidden frame and passes messages both ways. Pages from a server keep their own Worker.
 */
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      this.waiting = [];
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.documentElement.append(this.frame);
      const inside = this.frame.contentWindow;
      inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      const script = inside.document.createElement("script");
      script.addEventListener("load", () => {
        this.loaded = true;
        this.waiting.splice(0).forEach((data) => this.deliver(data));
      });
      script.src = address;
      inside.document.documentElement.append(script);
    }

    postMessage(data) {
      if (this.loaded) this.deliver(data);
      else this.waiting.push(data);
    }

    deliver(data) {
      this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data }));
    }

    terminate() {
      this.frame.remove();
    }
  };
}
