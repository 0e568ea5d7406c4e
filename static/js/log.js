// At a desk the log begins in its first text box, without moving the page: how far it has come stays in view.
"use strict";

if (matchMedia("(pointer: fine) and (width >= 60rem)").matches && !location.hash) {
  const first = document.querySelector(".log-write textarea");
  if (first && !document.querySelector(".error-summary")) first.focus({ preventScroll: true });
}
