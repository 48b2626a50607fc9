package io.syncline.dashboard;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.syncline.access.Role;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** What comes beside the runs: vendors' files with prices, line by line, and what systems tell by themselves, message by message. */
class BesidePagesTest extends Scene {
    private static final String HOSTILE = "<img src=x onerror=alert(1)>${alert(2)} \u202eback\u202c \ud83d\udd27";
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String PRICES = "/?view=tables&table=vendor_prices";
    private static final String HEADER = "Catalog Number,Description,Net Price,UOM,Customer Part\n";
    private static Path files;
    private static int next;
    private int place;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        files = Files.createDirectory(folder.resolve("vendors"));
        begin(Stage.twoWay(folder, Map.of("VENDOR_PRICES_DIRECTORY", files.toString(), "SERVICETITAN_WEBHOOK_SECRET", SECRET)));
        stage.syncline.full("pricebook");
    }

    @BeforeEach
    void another() {
        place = next++;
    }

    private static String code(int place) {
        return stage.sandbox.snapshot(Entity.MATERIALS).get(Long.parseLong(stage.material(place))).path("code").asText();
    }

    /** A new file of the vendor ced, with these lines. */
    private static void delivered(String name, String... lines) {
        try {
            Files.writeString(files.resolve(name), HEADER + String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Locator report() {
        return page.locator(".imports > .import");
    }

    private Locator row(String text) {
        return page.locator(".own tbody tr:not(.of)", new Page.LocatorOptions().setHasText(text));
    }

    /** Looks for files, and waits for the report. */
    private void lookForFiles() {
        assertThat(page.locator(".imports > .import, .imports > p").first()).isVisible();
        String before = report().count() == 0 ? "none" : report().getAttribute("aria-label");
        button("Look for files now").click();
        assertThat(report()).not().hasAttribute("aria-label", before);
        assertThat(report()).not().containsText("Under way");
    }

    // ---------------------------------------------------------------- vendors' prices

    @Test
    void filesAreTakenAndEveryLineThatDoesNotFitIsNamed() {
        delivered("ced-1.csv", "CED-1,A valve,$12.50,EA," + code(place), "CED-2,Another,a lot,EA," + code(place), "CED-3,Nobody's,$3.00,EA,NO-SUCH-PART");
        open(Role.OPERATOR, "/");
        link("Vendor prices").click();
        assertThat(page.locator("main h1")).hasText("Vendor prices");
        lookForFiles();
        assertThat(report()).containsText("ced-1.csv");
        assertThat(report()).containsText("Line 3");
        assertThat(report().locator(".lines li", new Locator.LocatorOptions().setHasText("Line 4"))).containsText("NO-SUCH-PART");
        assertThat(report()).containsText(Pattern.compile("1\\s+rejected"));
        assertThat(row("CED-1")).containsText("12.5");
        assertThat(row("CED-1").locator(".pill")).hasText("Listed");
        page.locator(".own .of", new Page.LocatorOptions().setHasText(stage.material(place))).getByRole(AriaRole.LINK).click();
        assertThat(page.locator(".own-of")).containsText("CED-1");
        assertThat(page.locator(".own-of")).containsText("12.5");
    }

    @Test
    void whatPeopleWroteIsToldFromWhatTheFileSaid() {
        delivered("ced-2.csv", "CED-20,A valve,$12.50,EA," + code(place));
        open(Role.OPERATOR, PRICES);
        lookForFiles();
        stage.syncline.sql().sql("update pricebook.vendor_prices set price = 9 where vendor_sku = 'CED-20'").update();
        stage.syncline.sql().sql("insert into pricebook.vendor_prices (materials_row, vendor, vendor_sku, price)"
                + " select row_id, 'the shop next door', 'SHOP-20', 4 from pricebook.materials where st_id = ?").param(stage.material(place)).update();
        page.navigate(stage.syncline.url() + PRICES + "&record=" + stage.material(place));
        assertThat(row("CED-20")).containsText("Changed here");
        assertThat(row("CED-20")).containsText("the file said price 12.5");
        assertThat(row("SHOP-20")).containsText("Made here");
        page.getByLabel("State").selectOption("made-here");
        assertThat(page.locator(".own tbody tr:not(.of)")).hasCount(1);
        page.getByLabel("State").selectOption("");
        page.getByLabel("Text").fill("SHOP NEXT");
        page.getByLabel("Text").press("Enter");
        assertThat(page.locator(".own tbody tr:not(.of)")).hasCount(1);
        assertThat(row("SHOP-20")).isVisible();
    }

    /** Each row comes once, however small the steps. */
    @Test
    void rowsComeInSteps() {
        delivered("ced-4.csv", "CED-41,A valve,$12.50,EA," + code(place), "CED-42,Another,$2.50,EA," + code(place), "CED-43,One more,$1.50,EA," + code(place));
        open(Role.OPERATOR, PRICES);
        lookForFiles();
        String address = stage.syncline.url() + "/api/v1/syncs/pricebook/tables/vendor_prices/rows?limit=1&record=" + stage.material(place);
        List<String> found = new ArrayList<>();
        for (String cursor = ""; cursor != null; ) {
            JsonObject part = JsonParser.parseString(page.request().get(address + cursor).text()).getAsJsonObject();
            part.getAsJsonArray("items").forEach(row -> found.add(row.getAsJsonObject().getAsJsonObject("fields").get("vendor_sku").getAsString()));
            cursor = part.get("next").isJsonNull() ? null : "&cursor=" + part.get("next").getAsString();
        }
        assertThat(found).containsExactly("CED-41", "CED-42", "CED-43");
        assertThat(page.request().get(address.replace("vendor_prices", "materials")).status()).isEqualTo(404);
    }

    @Test
    void filesAreTakenAgainOnlyAfterAQuestion() {
        delivered("ced-3.csv", "CED-30,A valve,$12.50,EA," + code(place));
        open(Role.OPERATOR, PRICES);
        lookForFiles();
        lookForFiles();
        assertThat(report()).containsText("Nothing new");
        button("Take them again…").click();
        assertThat(dialog()).containsText("Files that were taken before are taken once more");
        dialog().getByText("Take them again", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(report()).containsText("taking files again");
        assertThat(report()).containsText("Taken");
    }

    @Test
    void whoMayOnlyLookSeesThePrices() {
        open(Role.VIEWER, PRICES);
        assertThat(page.getByText("Operators can look for files")).isVisible();
        assertThat(button("Look for files now")).hasCount(0);
        assertThat(link("Webhooks")).hasCount(0);
        page.navigate(stage.syncline.url() + "/?view=webhooks");
        assertThat(page.getByText("This is not for your role")).isVisible();
    }

    // ---------------------------------------------------------------- what systems tell

    private static void told(String state, String reason, String key) {
        stage.syncline.sql().sql("""
                insert into syncline.webhook (organisation, system, delivery, digest, body, sync, entity, key, state, reason, attempts, ended_at)
                values ('default', 'servicetitan', ?, sha256(coalesce(?, '')::bytea), '{}', ?, ?, ?, ?, ?, 10, clock_timestamp())""")
                .params("msg_" + System.nanoTime(), key, state.equals("ignored") ? null : "pricebook", state.equals("ignored") ? null : "materials",
                        key, state, reason)
                .update();
    }

    private Locator message(String key) {
        return page.locator(".webhooks .item", new Page.LocatorOptions().setHasText(key)).first();
    }

    @Test
    void whatASystemTellsIsReadAndSaidSo() {
        stage.sandbox.webhooks(stage.syncline.url() + "/webhook/servicetitan", SECRET);
        open(Role.OPERATOR, "/?view=webhooks");
        assertThat(page.locator(".tellers")).containsText("Messages are taken");
        assertThat(page.locator(".tellers")).containsText("/webhook/servicetitan");
        stage.put(place, "{\"price\": 77.5}");
        assertThat(message(stage.material(place)).locator(".sign")).hasText("Read");
        stage.sandbox.noWebhooks();
        message(stage.material(place)).locator("h2 a").click();
        assertThat(page.locator(".says-fields")).containsText("77.5");
    }

    @Test
    void whatFailedSaysWhyAndIsReplayed() {
        told("failed", "ServiceTitan answered 503: " + HOSTILE, stage.material(place));
        told("ignored", "It does not say which record it is about, at data.id.", null);
        open(Role.OPERATOR, "/");
        assertThat(page.locator(".sync > .notice")).containsText("could not be read");
        page.locator(".between a", new Page.LocatorOptions().setHasText("failed")).click();
        assertThat(page.locator("main h1")).hasText("Webhooks");
        Locator item = message(stage.material(place));
        assertThat(item).containsText(HOSTILE);
        assertThat(item).containsText("tried 10 times");
        assertThat(page.locator("img")).hasCount(0);
        item.getByText("Replay").click();
        assertThat(page.locator(".toast")).containsText("materials " + stage.material(place) + " is read again.");
        page.getByLabel("State").selectOption("done");
        assertThat(message(stage.material(place)).locator(".sign")).hasText("Read");
        page.getByLabel("State").selectOption("ignored");
        item = page.locator(".webhooks .item").first();
        assertThat(item).containsText("About no record that is known here");
        item.getByText("Replay").click();
        assertThat(page.locator(".toast", new Page.LocatorOptions().setHasText("It still leads nowhere"))).isVisible();
    }

    @Test
    void everyPageIsFitToBeSeen() {
        String wide = HOSTILE + "W".repeat(10_000);
        page = stage.admin();
        look("prices-empty", PRICES + "&q=nothing+is+called+so", ".blank");
        delivered("ced-9.csv", "CED-90,\"" + wide.replace("$", "") + "\",$12.50,EA," + code(place), "CED-91,A valve in brass,$1234.50,EA," + code(place + 1),
                "CED-92,Another,a lot,EA," + code(place), "CED-93,Nobody's,$3.00,EA,NO-SUCH-PART", "CED-94,Nobody's,$3.00,EA," + wide.replace("$", ""));
        page.navigate(stage.syncline.url() + PRICES);
        lookForFiles();
        stage.syncline.sql().sql("update pricebook.vendor_prices set price = 1199 where vendor_sku = 'CED-91'").update();
        stage.syncline.sql().sql("update pricebook.vendor_prices set ended_at = clock_timestamp() where vendor_sku = 'CED-90'").update();
        look("prices", PRICES, ".own .of");
        look("record-prices", "/?view=record&sync=pricebook&entity=materials&key=" + stage.material(place), ".own-of li");
        told("failed", "ServiceTitan answered 503 to GET /pricebook/v2/materials: " + wide, stage.material(place));
        told("done", null, stage.material(place + 1));
        told("ignored", "It does not say which record it is about, at data.id.", null);
        look("webhooks", "/?view=webhooks", ".webhooks .item");
        look("webhooks-none", "/?view=webhooks&key=nobody", ".blank");
        assertThat(page.locator("img")).hasCount(0);
    }
}
