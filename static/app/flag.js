// Runs before the first paint: styles that need scripts are only switched on when scripts run.
document.documentElement.classList.add("js");
