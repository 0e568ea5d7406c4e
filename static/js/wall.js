// The wall display looks after itself: it moves a pixel a minute against burn-in, and after an upgrade loads itself anew.
"use strict";

(() => {
  const wall = document.getElementById("wall");
  const MINUTE = 60_000;
  const SIDE = 8; // pixels: round a square, one pixel a minute

  function drift() {
    const step = Math.floor(Date.now() / MINUTE) % (4 * SIDE);
    const along = step % SIDE;
    const [x, y] = [[along, 0], [SIDE, along], [SIDE - along, SIDE], [0, SIDE - along]][Math.floor(step / SIDE)];
    wall.style.translate = `${x - SIDE / 2}px ${y - SIDE / 2}px`;
  }
  drift();
  setInterval(drift, MINUTE);

  // Only once the new page has come: a browser that meets a server in the midst of a restart shows its own error for ever.
  wall.addEventListener("live:build", async () => {
    try {
      const page = await fetch(location.href, { cache: "no-store" });
      if (page.ok) location.reload();
    } catch {
      // the next poll asks again
    }
  });
})();
