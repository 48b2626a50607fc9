package io.syncline.dashboard;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.syncline.access.Role;
import io.syncline.sandbox.Entity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.nio.file.Path;
import java.util.regex.Pattern;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** Records are made, deleted and brought back by people, who are told beforehand what is written where, and lose nothing that they typed. */
class RecordMakingPagesTest extends Scene {
    private static final String MARKUP = "<img src=x onerror=alert(1)>${alert(2)}";
    private static final String NEW = "/?view=new&sync=pricebook&entity=materials";
    private static int next;

    @BeforeAll
    static void start(@TempDir Path folder) {
        begin(Stage.twoWay(folder));
        stage.syncline.full("pricebook");
    }

    private static String record(String key) {
        return "/?view=record&sync=pricebook&entity=materials&key=" + key;
    }

    private static String here(String code, String column) {
        return stage.syncline.sql().sql("select (" + column + ")::text from pricebook.materials where code = ?").param(code).query(String.class).single();
    }

    private static long made(String code) {
        return stage.syncline.sql().sql("select count(*) from pricebook.materials where code = ?").param(code).query(Long.class).single();
    }

    private static boolean isActiveThere(String key) {
        return stage.sandbox.snapshot(Entity.MATERIALS).get(Long.parseLong(key)).path("active").asBoolean();
    }

    private Locator field(String name) {
        return page.locator("#edit-" + name);
    }

    private Locator problem(String name) {
        return page.locator("#edit-" + name + "-problem");
    }

    private Locator make() {
        return page.locator(".edit-do .primary");
    }

    // ---------------------------------------------------------------- made

    @Test
    void aRecordIsMadeHereAndGetsItsKeyThere() {
        open(Role.REVIEWER, "/?view=records&sync=pricebook&entity=materials");
        link("New").click();
        assertThat(page.locator("main h1")).hasText("New in materials");
        assertThat(page.locator(".writes section").nth(0)).containsText("In Price book");
        assertThat(page.locator(".writes section").nth(1)).containsText("ServiceTitan answers with its key");
        field("code").fill("MADE-1");
        field("description").fill("A valve, half an inch");
        field("price").fill("9007199254740993.25");
        field("taxable").selectOption("true");
        field("price").press("Enter");
        assertThat(page.locator(".toast")).containsText("Made. It waits to be sent to ServiceTitan.");
        assertThat(page.locator(".says-fields")).containsText("9007199254740993.25");
        page.waitForCondition(() -> here("MADE-1", "st_id is not null and sync_status = 'synced'").equals("true"));
        assertThat(stage.sandbox.snapshot(Entity.MATERIALS).get(Long.parseLong(here("MADE-1", "st_id"))).path("code").asText()).isEqualTo("MADE-1");
    }

    @Test
    void whatIsWrongIsSaidAtItsFieldAndNothingTypedIsLost() {
        open(Role.REVIEWER, NEW);
        field("price").fill("12,50");
        make().click();
        assertThat(problem("code")).containsText("Is needed");
        assertThat(problem("description")).containsText("Is needed");
        assertThat(problem("price")).containsText("Write a number such as 12.50");
        assertThat(field("code")).isFocused();
        field("code").fill("MADE-2");
        assertThat(problem("code")).hasCount(0);
        page.reload();
        assertThat(page.getByText("What you typed before is still here")).isVisible();
        assertThat(field("code")).hasValue("MADE-2");
        assertThat(field("price")).hasValue("12,50");
        button("Begin anew").click();
        assertThat(field("code")).hasValue("");
        assertThat(made("MADE-2")).isZero();
    }

    /** A parent is found by what people call it; one that there is not is refused by the server, at its field. */
    @Test
    void aParentIsFoundByItsName() {
        String parent = stage.active(Entity.CATEGORIES).get(0).toString();
        String called = stage.syncline.sql().sql("select name from pricebook.categories where st_id = ?").param(parent).query(String.class).single();
        open(Role.REVIEWER, "/?view=new&sync=pricebook&entity=categories");
        field("name").fill("A category of ours");
        field("category_type").fill("Materials");
        field("parent_id").fill("987654321");
        make().click();
        assertThat(problem("parent_id")).containsText("there is no categories record");
        assertThat(field("parent_id")).isFocused();
        assertThat(field("name")).hasValue("A category of ours");
        field("parent_id").fill(called);
        assertThat(page.locator("#edit-parent_id-found option[value='" + parent + "']")).hasCount(1);
        field("parent_id").fill(parent);
        assertThat(page.locator(".leads")).containsText(called);
        make().click();
        assertThat(page.locator(".toast")).containsText("Made.");
        assertThat(stage.syncline.sql().sql("select parent_id::text from pricebook.categories where name = 'A category of ours'").query(String.class).single())
                .isEqualTo(parent);
    }

    /** Promise 12, of people: whoever does not know whether it arrived may ask again. */
    @Test
    void anAnswerThatIsLostMakesNoSecondRecord() {
        open(Role.REVIEWER, NEW);
        field("code").fill("MADE-3");
        field("description").fill("Once");
        page.route(Pattern.compile("/entities/materials/records$"), route -> {
            route.fetch();
            route.abort();
        }, new Page.RouteOptions().setTimes(1));
        make().click();
        assertThat(page.locator(".edit .notice")).containsText("The server does not answer.");
        assertThat(field("code")).hasValue("MADE-3");
        assertThat(made("MADE-3")).isOne();
        make().click();
        assertThat(page.locator(".says-fields")).containsText("MADE-3");
        assertThat(made("MADE-3")).isOne();
    }

    @Test
    void whatIsTypedIsText() {
        String long10000 = MARKUP + " \u202eright to left\u202c \ud83d\udd27 " + "x".repeat(10_000);
        open(Role.REVIEWER, NEW);
        field("code").fill("MADE-4");
        field("display_name").fill(MARKUP + " \u05e9\u05dc\u05d5\u05dd \ud83d\udd27");
        field("description").fill(long10000);
        make().click();
        assertThat(page.locator("main h1")).hasText(MARKUP + " \u05e9\u05dc\u05d5\u05dd \ud83d\udd27");
        assertThat(here("MADE-4", "description")).isEqualTo(long10000);
        button("Delete…").click();
        assertThat(dialog()).containsText("Delete " + MARKUP);
        lookAtWhatIsShown("record-hostile-delete");
        assertThat(page.locator("img")).hasCount(0);
    }

    // ---------------------------------------------------------------- deleted, and brought back

    @Test
    void whatADeletionWritesIsSaidFirstAndItIsBroughtBack() {
        String key = stage.material(next++);
        open(Role.REVIEWER, record(key));
        button("Delete…").click();
        assertThat(dialog().locator(".writes section").nth(0)).containsText("Its history stays");
        assertThat(dialog().locator(".writes section").nth(1)).containsText("ServiceTitan is asked to delete " + key);
        dialog().getByText("Not now").click();
        assertThat(page.locator("main .pill").first()).hasText("Synced");
        button("Delete…").click();
        dialog().getByText("Delete it", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(page.locator(".toast")).containsText("Deleted. ServiceTitan is told next.");
        assertThat(page.locator("main .pill").first()).hasText("Deleted");
        page.waitForCondition(() -> !isActiveThere(key));
        page.waitForCondition(() -> stage.syncline.sql().sql("select sync_status from pricebook.materials where st_id = ?").param(key)
                .query(String.class).single().equals("synced"));
        page.reload();
        button("Bring back…").click();
        assertThat(dialog().locator(".writes section").nth(1)).containsText("ServiceTitan is asked to use " + key + " again");
        dialog().getByText("Bring it back").click();
        assertThat(page.locator(".toast")).containsText("It is back. ServiceTitan is told next.");
        page.waitForCondition(() -> isActiveThere(key));
    }

    @Test
    void whatLeadsToARecordIsCountedAndNamedBeforeThatIsDeleted() {
        JdbcClient sql = stage.syncline.sql();
        long row = sql.sql("insert into pricebook.categories (name, category_type) values ('Above', 'Materials') returning row_id").query(Long.class).single();
        open(Role.REVIEWER, "/?view=record&sync=pricebook&entity=categories&key=row:" + row);
        assertThat(page.locator(".says-fields")).isVisible();
        for (int number = 1; number <= 7; number++) {
            sql.sql("insert into pricebook.categories (name, category_type, parent_id_row) select ?, category_type, row_id from pricebook.categories"
                    + " where row_id = ?").params("<b>Below " + number, row).update();
            button("Delete…").click();
            assertThat(dialog()).containsText(number == 1 ? "1 record of categories leads to it. It stays, and goes on leading to it."
                    : number + " records of categories lead to it. They stay, and go on leading to it.");
            dialog().getByText("Not now").click();
        }
        sql.sql("delete from pricebook.categories where name = '<b>Below 7'").update();
        button("Delete…").click();
        assertThat(dialog()).containsText("6 records of categories lead to it");
        assertThat(dialog().locator(".relatives a")).hasCount(5);
        assertThat(dialog().locator(".relatives")).containsText("and 1 more record of categories");
        lookAtWhatIsShown("record-delete-leading");
        Page other = page.waitForPopup(() -> dialog().locator(".relatives a").first().click());
        assertThat(other.locator("main h1")).containsText("<b>Below ");
        other.close();
        dialog().getByText("Not now").click();
    }

    @Test
    void whatHasChangedSinceIsShownBeforeItIsDeleted() {
        String key = stage.material(next++);
        open(Role.REVIEWER, record(key));
        button("Delete…").click();
        stage.syncline.sql().sql("update pricebook.materials set member_price = 7.25 where st_id = ?").param(key).update();
        dialog().getByText("Delete it", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(dialog()).containsText("It has changed since you looked, so nothing was done");
        assertThat(dialog().locator("ins").first()).hasText("now 7.25");
        assertThat(page.locator("main .pill").first()).not().hasText("Deleted");
        dialog().getByText("Delete it all the same").click();
        assertThat(page.locator("main .pill").first()).hasText("Deleted");
    }

    @Test
    void whoMayNotWriteSeesNoButton() {
        String key = stage.material(next++);
        open(Role.OPERATOR, record(key));
        assertThat(page.locator(".says-fields")).isVisible();
        assertThat(button("Delete…")).hasCount(0);
        page.navigate(stage.syncline.url() + "/?view=records&sync=pricebook&entity=materials");
        assertThat(page.locator("tbody tr").first()).isVisible();
        assertThat(link("New")).hasCount(0);
        page.navigate(stage.syncline.url() + NEW);
        assertThat(page.getByText("This is not for your role")).isVisible();
    }

    @Test
    void everyPageIsFitToBeSeen() {
        String key = stage.material(next++);
        page = stage.admin();
        look("records-with-new", "/?view=records&sync=pricebook&entity=materials", "tbody tr");
        look("new", NEW, ".edit-field");
        field("price").fill("12,50");
        field("display_name").fill("A valve");
        make().click();
        assertThat(problem("code")).isVisible();
        lookAtWhatIsShown("new-wrong");
        look("new-category", "/?view=new&sync=pricebook&entity=categories", ".leads");
        look("record-before-delete", record(key), ".says-fields");
        button("Delete…").click();
        stage.syncline.sql().sql("update pricebook.materials set member_price = 7.25 where st_id = ?").param(key).update();
        lookAtWhatIsShown("record-delete");
        dialog().getByText("Delete it", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(dialog()).containsText("so nothing was done");
        lookAtWhatIsShown("record-delete-moved");
        dialog().getByText("Delete it all the same").click();
        assertThat(button("Bring back…")).isVisible();
        lookAtWhatIsShown("record-deleted");
    }
}
