// Before the first paint: the brightness this browser was told to use. The admin keeps it under the same name.
"use strict";
document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";
