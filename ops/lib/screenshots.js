// The pages that are shown in ops/screens, by name: who looks, at what, and how. Run by ops/screenshots.
const [url, playwright, ...only] = process.argv.slice(2);
const { chromium } = require(playwright);
const { existsSync } = require("node:fs");

const wide = { width: 1280, height: 800 }, tall = { width: 1280, height: 1000 }, phone = { width: 360, height: 740 };
/** What is shown of two customers: a ticket that was solved, and one in Arabic. The demo's numbers depend on the day it is made. */
const pages = (ticket, arabic) => [
  ["queue", "ann", "/queues/open"],
  ["queue-dark", "ann", "/queues/open", { scheme: "dark" }],
  ["queue-phone", "ann", "/queues/open", { size: phone }],
  ["ticket", "ann", ticket, { size: tall }],
  ["ticket-phone", "ann", ticket, { size: phone }],
  ["ticket-dark-pl", "ann", ticket, { size: tall, scheme: "dark", language: "pl-PL" }],
  ["ticket-new", "ann", "/tickets/new", { size: tall }],
  ["search", "ann", "/search?q=app"],
  ["triage", "cora", "/triage"],
  ["board", "cora", "/board"],
  ["board-carried", "cora", "/board", { then: carry }],
  ["board-phone", "cora", "/board", { size: phone }],
  ["monitor", "mia", "/monitor"],
  ["history", "abe", `${ticket}/history`, { size: tall }],
  ["log", "abe", "/log?before=5600"],
  ["reports-csat", "ana", "/reports/csat?groupBy=product"],
  ["reports-sla", "ana", "/reports/sla?groupBy=product"],
  ["reports-sla-dark", "ana", "/reports/sla?groupBy=product", { scheme: "dark" }],
  ["reports-backlog", "ana", "/reports/backlog?groupBy=language"],
  ["reports-flow", "ana", "/reports/flow?groupBy=week"],
  ["reports-escalations", "ana", "/reports/escalations"],
  ["comments", "cora", "/reports/comments"],
  ["incidents", "cora", "/incidents"],
  ["macros", "adam", "/macros"],
  ["privacy", "pia", "/subjects", { size: tall, then: find }],
  ["people", "adam", "/people"],
  ["organisation", "adam", "/organisation"],
  ["contract", "adam", "/organisation/edit?of=contract/vip", { size: tall }],
  ["retention", "adam", "/organisation?part=retention"],
  ["tokens", "adam", "/tokens"],
  ["portal", "en2@example.com", "/portal"],
  ["portal-phone", "en2@example.com", "/portal", { size: phone }],
  ["portal-new", "en2@example.com", "/portal/new"],
  ["portal-ticket", "en2@example.com", `/portal${ticket}`],
  ["portal-new-ar", "ar4@example.com", "/portal/new", { language: "ar" }],
  ["portal-ticket-ar", "ar4@example.com", `/portal${arabic}`, { language: "ar" }],
  ["status", null, "/status"],
  ["hours", null, "/hours"],
];

/** A ticket on its way to somebody. */
async function carry(page) {
  await page.locator(".lane[data-to='agent:ann'] .facts").nth(1).hover();
  await page.mouse.down();
  await page.locator(".lane[data-to='agent:amal'] h2").hover();
  await page.waitForSelector(".over");
}

/** Who is asked about. */
async function find(page) {
  await page.fill("input[name=who]", "en2@example.com");
  await Promise.all([page.waitForURL("**/subjects/*"), page.press("input[name=who]", "Enter")]);
}

/** Staff choose whom to be, as a development server lets them; customers come by the link it shows. */
async function signIn(page, who, path) {
  if (who?.includes("@")) {
    await page.goto("/portal");
    await page.fill("#email", who);
    await page.click("form[action='/portal/sign-in'] button");
    await page.click("#link");
    await page.click("form[action='/portal/link'] button");
    await page.waitForURL("**/portal");
  } else if (who) {
    await page.goto(`/sign-in?returnTo=${encodeURIComponent(path)}`);
    await page.click(`button[value=${who}]`);
    await page.waitForSelector(".who", { state: "attached" });
  }
}

/** A customer's newest ticket that stands so, or the newest. */
async function ticketOf(browser, who, state) {
  const context = await browser.newContext({ baseURL: url, locale: "en-GB" }), page = await context.newPage();
  await signIn(page, who, "/portal");
  const rows = page.locator("li:has(a[href^='/portal/tickets/'])"), such = rows.filter({ hasText: state });
  const href = await (await such.count() > 0 ? such : rows).first().locator("a").getAttribute("href");
  await context.close();
  return href.slice("/portal".length);
}

(async () => {
  const path = [process.env.EVENTDESK_CHROMIUM, "/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/google-chrome"].find(p => p && existsSync(p));
  const browser = await chromium.launch({ executablePath: path, args: ["--no-sandbox"] });
  const all = pages(await ticketOf(browser, "en2@example.com", "Resolved"), await ticketOf(browser, "ar4@example.com", "Resolved"));
  for (const [name, who, address, { size = wide, scheme = "light", language = "en-GB", then } = {}] of all.filter(p => only.length === 0 || only.includes(p[0]))) {
    const context = await browser.newContext({
      baseURL: url, viewport: size, colorScheme: scheme, locale: language, timezoneId: "Europe/Warsaw", reducedMotion: "reduce", hasTouch: size === phone,
    });
    const page = await context.newPage();
    await signIn(page, who, address);
    const answer = await page.goto(address);
    await then?.(page);
    const across = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (!answer.ok() || across > 0) console.error(`${name}: ${answer.status()}, ${across} pixels too wide`);
    await page.screenshot({ path: `ops/screens/${name}.png`, fullPage: process.env.EVENTDESK_SCREENS_FULL === "1" });
    await context.close();
  }
  await browser.close();
})();
