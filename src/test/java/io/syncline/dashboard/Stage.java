package io.syncline.dashboard;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.access.Keys;
import io.syncline.access.Role;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.ServiceTitanSandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The whole product with its sandbox, and a browser that looks at it: one of each for all tests. */
final class Stage implements AutoCloseable {
    private static final String AXE = resource("META-INF/resources/webjars/axe-core/4.6.3/axe.min.js");
    private static final String NEVER = "0 0 0 1 1 ? 2099";
    private static final Path SHOTS = Path.of("target/dashboard");

    final ServiceTitanSandbox sandbox = ServiceTitanSandbox.start();
    final RunningSyncline syncline;
    /** What pages complained of: errors, and everything that the content security policy refused. */
    final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Chromium chromium = Chromium.launch();
    private String signedIn;

    Stage(Path folder) {
        syncline = RunningSyncline.start(configuration(folder), TestPostgres.url(), Map.of("syncline.schedules.enabled", "true",
                "SERVICETITAN_URL", sandbox.url(), "SERVICETITAN_TOKEN_URL", sandbox.tokenUrl(), "SERVICETITAN_PRIVATE_NETWORK", "true",
                "SERVICETITAN_TENANT", sandbox.options().tenant(), "SERVICETITAN_CLIENT_ID", sandbox.options().clientId(),
                "SERVICETITAN_CLIENT_SECRET", sandbox.options().clientSecret(), "SERVICETITAN_APP_KEY", sandbox.options().appKey()));
    }

    /** As it ships, with smaller pages, less patience and no time at which a schedule comes. */
    private static Path configuration(Path folder) {
        try {
            Files.createDirectories(folder.resolve("systems"));
            Files.createDirectories(folder.resolve("syncs"));
            Files.writeString(folder.resolve("systems/servicetitan.yaml"), Files.readString(Path.of("config/systems/servicetitan.yaml"))
                    .replace("size: 500", "size: 100").replace("  paging:\n", "  limits: {attempts: 2, firstWait: 10ms, longestWait: 50ms}\n  paging:\n"));
            Files.writeString(folder.resolve("syncs/pricebook.yaml"), Files.readString(Path.of("config/syncs/pricebook.yaml"))
                    .replace("incremental: 0 */15 * * * ?", "incremental: " + NEVER).replace("full: 0 0 2 * * ?", "full: " + NEVER));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A browser that nobody has used yet. */
    Page stranger() {
        return page(new Browser.NewContextOptions().setViewportSize(1024, 800));
    }

    /** A browser in which somebody of this role is signed in. */
    Page as(Role role) {
        Page page = stranger();
        signIn(page, syncline.bean(Keys.class).make("a " + role.name().toLowerCase(Locale.ROOT) + " " + System.nanoTime(), "default", role, "test").text());
        return page;
    }

    /** A browser in which the admin is signed in. */
    Page admin(int width, ColorScheme theme) {
        if (signedIn == null) {
            Page page = stranger();
            signIn(page, RunningSyncline.KEY);
            signedIn = page.context().storageState();
            page.context().close();
        }
        return page(new Browser.NewContextOptions().setViewportSize(width, width < 500 ? 740 : 900).setColorScheme(theme).setStorageState(signedIn));
    }

    Page admin() {
        return admin(1024, ColorScheme.LIGHT);
    }

    void signIn(Page page, String key) {
        page.navigate(syncline.url());
        page.getByLabel("Your key").fill(key);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in")).click();
        page.waitForSelector("h1:has-text('Overview')");
    }

    private Page page(Browser.NewContextOptions options) {
        BrowserContext context = chromium.browser.newContext(options.setReducedMotion(ReducedMotion.REDUCE));
        context.setDefaultTimeout(60_000);
        Page page = context.newPage();
        page.addInitScript("document.addEventListener('securitypolicyviolation',"
                + " refused => console.error('CSP ' + refused.violatedDirective + ' ' + refused.blockedURI))");
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.onDialog(dialog -> {
            complaints.add("a script of somebody else ran: " + dialog.message());
            dialog.dismiss();
        });
        return page;
    }

    /** Records that the source shows as active, in the order of their keys. */
    List<Long> active(Entity entity) {
        return sandbox.snapshot(entity).entrySet().stream().filter(each -> each.getValue().path("active").asBoolean()).map(Map.Entry::getKey).sorted().toList();
    }

    /** What the rules of accessibility find wrong with a page as it stands. */
    static Object violations(Page page) {
        page.evaluate(AXE);
        return page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
                + ".map(each => each.id + ': ' + each.nodes.map(node => node.target.join(' ') + ' ' + node.failureSummary).join('; '))");
    }

    /** A picture of the whole page, under target/, for people to look at. */
    static void shoot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(SHOTS.resolve(name + ".png")));
    }

    private static String resource(String name) {
        try (InputStream in = Stage.class.getClassLoader().getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        chromium.close();
        syncline.close();
        sandbox.close();
    }
}
