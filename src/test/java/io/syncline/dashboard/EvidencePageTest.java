package io.syncline.dashboard;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Media;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.audit.EvidencePage;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import static org.assertj.core.api.Assertions.assertThat;

/** The page of evidence in a real browser: served, saved and printed. It goes before people who trust nothing that they cannot see. */
class EvidencePageTest {
    private static final String HOSTILE = "<img src=x onerror=alert(1)></pre></main><script>alert(2)</script>\u202Egnp.\u2066 {{x}} ${y}";
    private static final long ID = 983_001;

    @TempDir
    private static Path folder;
    private static ServiceTitanSandbox sandbox;
    private static RunningSyncline syncline;
    private static Chromium chromium;
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> requests = new ArrayList<>();

    @BeforeAll
    static void aDecisionIsMade() {
        chromium = Chromium.ofThisJvm();
        sandbox = ServiceTitanSandbox.start();
        syncline = RunningSyncline.start(Path.of("config"), TestPostgres.url(), Map.of("syncline.anchor.file", folder.resolve("anchors.jsonl").toString(),
                "SERVICETITAN_URL", sandbox.url(), "SERVICETITAN_TOKEN_URL", sandbox.tokenUrl(), "SERVICETITAN_PRIVATE_NETWORK", "true",
                "SERVICETITAN_TENANT", sandbox.options().tenant(), "SERVICETITAN_CLIENT_ID", sandbox.options().clientId(),
                "SERVICETITAN_CLIENT_SECRET", sandbox.options().clientSecret(), "SERVICETITAN_APP_KEY", sandbox.options().appKey()));
        sandbox.put(Entity.MATERIALS, ID, "{\"code\": \"PMP-2200\", \"displayName\": \"Circulation pump 22 W\", \"price\": 412.50, \"cost\": 268.90,"
                + " \"description\": \"Wet rotor, flange DN 40, with quick connector\"}");
        sandbox.put(Entity.MATERIALS, ID + 1, "{\"code\": \"X\", \"displayName\": " + JsonNodeFactory.instance.textNode(HOSTILE) + "}");
        syncline.full("pricebook");
        decide(ID, "approval", "The price was agreed with the customer by telephone on 19 November; the written offer follows.");
        decide(ID + 1, "dispatch", HOSTILE);
        for (int price = 1; price <= 3; price++) {
            sandbox.clock().advance(Duration.ofHours(1));
            sandbox.put(Entity.MATERIALS, ID, "{\"price\": " + price + "}");
            syncline.incremental("pricebook");
        }
        assertThat(syncline.call("POST", "/api/v1/anchors", null).statusCode()).isEqualTo(201);
    }

    private static void decide(long key, String what, String reason) {
        String document = "\"documentSha256\": \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"";
        assertThat(syncline.call("POST", "/api/v1/decisions", "{\"sync\": \"pricebook\", \"entity\": \"materials\", \"key\": \"" + key
                + "\", \"what\": \"" + what + "\", \"reason\": " + JsonNodeFactory.instance.textNode(reason) + ", " + document + "}").statusCode())
                .isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        if (syncline != null) {
            syncline.close();
            sandbox.close();
        }
    }

    private Page page(Browser.NewContextOptions options) {
        BrowserContext context = chromium.browser.newContext(options);
        context.setDefaultTimeout(60_000);
        Page page = context.newPage();
        page.onConsoleMessage(message -> complaints.add(message.type() + " " + message.text()));
        page.onPageError(complaints::add);
        page.onDialog(dialog -> {
            complaints.add("a script ran: " + dialog.message());
            dialog.dismiss();
        });
        page.onRequest(request -> requests.add(request.url()));
        return page;
    }

    private String address(int number) {
        return syncline.url() + "/api/v1/decisions/" + number + "/evidence";
    }

    @Test
    void asServedItIsOneRequestAndReadsWell() throws IOException {
        Page page = page(new Browser.NewContextOptions().setViewportSize(1100, 900).setExtraHTTPHeaders(Map.of("Authorization",
                "Bearer " + RunningSyncline.KEY)));
        var response = page.navigate(address(1));
        assertThat(response.headerValue("content-type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(response.headerValue("content-security-policy")).contains("default-src 'none'; style-src 'sha256-").doesNotContain("unsafe");
        assertThat(page.locator("h1").textContent()).isEqualTo("Decision 1: approval");
        assertThat(page.locator(".verdict").textContent()).contains("This evidence holds in itself.");
        assertThat(page.locator("table").first().textContent()).contains("Circulation pump 22 W", "412.5");
        assertThat((String) page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth")).as("the style is let in").isNotEqualTo("none");
        assertThat(requests).containsExactly(address(1));
        assertThat(complaints).isEmpty();
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(Path.of("target/dashboard/evidence-1100.png")));
        page.setViewportSize(390, 800);
        assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= 390")).as("nothing runs out to the right").isTrue();
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(Path.of("target/dashboard/evidence-390.png")));
        page.setViewportSize(794, 1123);
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
        assertThat(page.locator("#bundle").isVisible()).isFalse();
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(Path.of("target/dashboard/evidence-print.png")));
        byte[] printed = page.pdf(new Page.PdfOptions().setFormat("A4").setPath(Path.of("target/dashboard/evidence.pdf")));
        assertThat(printed).hasSizeGreaterThan(10_000);
        page.context().close();
    }

    @Test
    void asSavedHostileTextIsTextAndTheBundleComesOutAsItWentIn() throws IOException {
        String served = syncline.call("GET", "/api/v1/decisions/2/evidence?format=html", null).body();
        Path saved = Files.writeString(folder.resolve("decision-2.html"), served);
        Page page = page(new Browser.NewContextOptions().setViewportSize(1100, 900));
        page.navigate(saved.toUri().toString());
        assertThat(page.locator("img, script, iframe, object, form, link").count()).isZero();
        assertThat(page.locator("main").count()).isEqualTo(1);
        assertThat(page.locator("dd").nth(3).textContent()).contains("<img src=x onerror=alert(1)></pre></main><script>alert(2)</script>", "U+202E", "U+2066");
        assertThat(page.locator("#bundle").textContent()).isEqualTo(EvidencePage.read(served).json());
        assertThat(requests).containsExactly(saved.toUri().toString());
        assertThat(complaints).isEmpty();
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(Path.of("target/dashboard/evidence-hostile.png")));
        page.context().close();
    }
}
