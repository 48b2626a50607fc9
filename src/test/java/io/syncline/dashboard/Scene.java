package io.syncline.dashboard;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.syncline.access.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.util.List;
import java.util.Locale;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static com.microsoft.playwright.assertions.PlaywrightAssertions.setDefaultAssertionTimeout;
import static org.assertj.core.api.Assertions.assertThat;

/** What every test of the dashboard does: it opens a page, acts on it, and at its end nothing was complained of. */
abstract class Scene {
    private static final List<Integer> WIDTHS = List.of(360, 1024, 1600);
    static Stage stage;
    Page page;

    static void begin(Stage begun) {
        setDefaultAssertionTimeout(60_000);
        stage = begun;
    }

    @AfterAll
    static void stop() {
        if (stage != null) {
            stage.close();
            stage = null;
        }
    }

    @BeforeEach
    void listen() {
        stage.complaints.clear();
    }

    @AfterEach
    void nothingWasComplainedOf() {
        stage.mend();
        if (page != null) {
            stage.leave(page);
        }
        assertThat(stage.complaints).isEmpty();
    }

    /** The admin opens this address. */
    void open(String address) {
        page = stage.admin();
        page.navigate(stage.syncline.url() + address);
    }

    /** Somebody of this role opens it, in a browser of their own; the page that was open is done with. */
    void open(Role role, String address) {
        if (page != null) {
            stage.leave(page);
        }
        page = stage.as(role);
        page.navigate(stage.syncline.url() + address);
    }

    Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    Locator link(String name) {
        return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator dialog() {
        return page.getByRole(AriaRole.DIALOG);
    }

    /** A page is fit to be seen at every width and in both themes: no violation of the rules of accessibility, nothing wider than the window; and pictures. */
    void look(String name, String address, String shown) {
        page.navigate(stage.syncline.url() + address);
        assertThat(page.locator(shown).first()).isVisible();
        lookAtWhatIsShown(name);
    }

    void lookAtWhatIsShown(String name) {
        for (int width : WIDTHS) {
            page.setViewportSize(width, width < 500 ? 740 : 900);
            for (ColorScheme theme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(theme));
                String of = name + "-" + width + "-" + theme.name().toLowerCase(Locale.ROOT);
                Stage.shoot(page, of);
                assertThat((List<?>) Stage.violations(page)).as(of).isEmpty();
                assertThat((Integer) page.evaluate("Math.max(document.documentElement.scrollWidth - innerWidth,"
                        + " ...[...document.querySelectorAll('dialog[open]')].map(each => each.scrollWidth - each.clientWidth))"))
                        .as(of).isLessThanOrEqualTo(0);
            }
        }
    }
}
