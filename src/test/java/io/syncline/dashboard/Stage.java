package io.syncline.dashboard;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.RequestOptions;
import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.access.Keys;
import io.syncline.access.Role;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.SapSandbox;
import io.syncline.sandbox.ServiceTitanSandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The whole product with its sandbox and a browser that looks at it, one of each for all tests of a class. The browser is the one of this JVM and its admin
 * is signed in once: a page that a test leaves behind as it found it lends its warm browser to the next, any other is thrown away.
 */
final class Stage implements AutoCloseable {
    private static final String AXE = resource("META-INF/resources/webjars/axe-core/4.6.3/axe.min.js");
    private static final String NEVER = "0 0 0 1 1 ? 2099";
    private static final String LIMITS = "  limits: {attempts: 2, firstWait: 10ms, longestWait: 50ms}\n";
    private static final int WIDTH = 1024;
    private static final int HEIGHT = 900;
    private static final boolean PICTURES = Boolean.getBoolean("syncline.pictures");
    private static final Path SHOTS = Path.of("target/dashboard");

    /** Null where the price book is not on. */
    final ServiceTitanSandbox sandbox;
    /** Null where the caseload is not on. */
    final SapSandbox sap;
    final RunningSyncline syncline;
    /** What pages complained of: errors, and everything that the content security policy refused. */
    final List<String> complaints = new CopyOnWriteArrayList<>();
    /** The materials that the source shows as active at first, in the order of their keys: no test needs to look for one of its own. */
    private final List<Long> materials;
    private final Chromium chromium = Chromium.ofThisJvm();
    /** The admin's browser, as it is handed from test to test; null where the last one was thrown away. */
    private BrowserContext admins;
    private String signedIn;

    private Stage(ServiceTitanSandbox sandbox, SapSandbox sap, RunningSyncline syncline) {
        this.sandbox = sandbox;
        this.sap = sap;
        this.syncline = syncline;
        this.materials = sandbox == null ? List.of() : active(Entity.MATERIALS);
    }

    /** What is edited here stays here: nothing of it is sent. */
    static Stage pricebook(Path folder) {
        return pricebook(folder, false, Map.of());
    }

    /** What is edited here is sent as it is by the product that ships. */
    static Stage twoWay(Path folder) {
        return twoWay(folder, Map.of());
    }

    /** The same with some settings of its own. */
    static Stage twoWay(Path folder, Map<String, String> settings) {
        return pricebook(folder, true, settings);
    }

    private static Stage pricebook(Path folder, boolean sent, Map<String, String> own) {
        ServiceTitanSandbox sandbox = ServiceTitanSandbox.start();
        configure(folder, "servicetitan", system -> system.replace("size: 500", "size: 100").replace("  paging:\n", LIMITS + "  paging:\n"));
        configure(folder, "pricebook", sync -> sync.replace("incremental: 0 */15 * * * ?", "incremental: " + NEVER)
                .replace("full: 0 0 2 * * ?", "full: " + NEVER));
        Map<String, String> settings = new HashMap<>(own);
        settings.putAll(Map.of("syncline.schedules.enabled", "true",
                "syncline.push.after-save", Boolean.toString(sent), "syncline.push.deliver", Boolean.toString(sent),
                "SERVICETITAN_URL", sandbox.url(), "SERVICETITAN_TOKEN_URL", sandbox.tokenUrl(), "SERVICETITAN_PRIVATE_NETWORK", "true",
                "SERVICETITAN_TENANT", sandbox.options().tenant(), "SERVICETITAN_CLIENT_ID", sandbox.options().clientId(),
                "SERVICETITAN_CLIENT_SECRET", sandbox.options().clientSecret(), "SERVICETITAN_APP_KEY", sandbox.options().appKey()));
        return new Stage(sandbox, null, RunningSyncline.start(folder, TestPostgres.url(), settings));
    }

    /** A caseload that nobody has refreshed yet. */
    static Stage caseload(Path folder) {
        SapSandbox sap = SapSandbox.start(SapSandbox.Options.DEFAULT.size(3_000).pageSize(250));
        configure(folder, "sap", system -> system.replace("  resources:\n", LIMITS + "  resources:\n"));
        configure(folder, "cases", sync -> sync);
        return new Stage(null, sap, RunningSyncline.start(folder, TestPostgres.url(), Map.of("SAP_URL", sap.url(), "SAP_USER", sap.options().user(),
                "SAP_PASSWORD", sap.options().password(), "SAP_PRIVATE_NETWORK", "true", "syncline.anchor.file", folder.resolve("anchors").toString())));
    }

    /** As it ships, with smaller pages, less patience and no time at which a schedule comes. */
    private static void configure(Path folder, String name, UnaryOperator<String> otherwise) {
        try {
            for (String kind : List.of("systems", "syncs")) {
                Path shipped = Path.of("config", kind, name + ".yaml");
                if (Files.exists(shipped)) {
                    Files.createDirectories(folder.resolve(kind));
                    Files.writeString(folder.resolve(kind).resolve(name + ".yaml"), otherwise.apply(Files.readString(shipped)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A browser that nobody has used yet. */
    Page stranger() {
        BrowserContext context = chromium.browser.newContext(new Browser.NewContextOptions().setViewportSize(WIDTH, HEIGHT)
                .setReducedMotion(ReducedMotion.REDUCE));
        context.setDefaultTimeout(60_000);
        return listened(context.newPage());
    }

    /** A browser of its own in which somebody of this role is signed in; nothing is opened yet. */
    Page as(Role role) {
        Page page = stranger();
        signIn(page, syncline.bean(Keys.class).make("a " + role.name().toLowerCase(Locale.ROOT) + " " + System.nanoTime(), "default", role, "test").text());
        return page;
    }

    /** A browser in which the admin is signed in and has done nothing else; nothing is opened yet. */
    Page admin() {
        if (admins == null) {
            Page page = stranger();
            admins = page.context();
            admins.onClose(closed -> admins = null);
            signIn(page, RunningSyncline.KEY);
            signedIn = admins.storageState();
            return page;
        }
        return listened(admins.newPage());
    }

    /** The page is done with, and with it its browser, unless that is the admin's and keeps nothing of what was done in it. */
    void leave(Page page) {
        BrowserContext context = page.context();
        if (context == admins && context.storageState().equals(signedIn)) {
            List.copyOf(context.pages()).forEach(Page::close);
        } else {
            context.close();
        }
    }

    /** Without the form, which is a test of its own. */
    void signIn(Page page, String key) {
        APIResponse answer = page.request().post(syncline.url() + "/api/v1/session", RequestOptions.create().setData(Map.of("key", key)));
        if (answer.status() != 201) {
            throw new AssertionError("nobody signs in with this key: " + answer.text());
        }
    }

    private Page listened(Page page) {
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

    /** The key of the material at this place. */
    String material(int place) {
        return materials.get(place).toString();
    }

    /** The source says this about the material at this place from now on. */
    void put(int place, String fields) {
        sandbox.put(Entity.MATERIALS, materials.get(place), fields);
    }

    /** Records that the source shows as active, in the order of their keys. */
    List<Long> active(Entity entity) {
        return sandbox.snapshot(entity).entrySet().stream().filter(each -> each.getValue().path("active").asBoolean()).map(Map.Entry::getKey).sorted().toList();
    }

    /** What the rules of accessibility find wrong with a page as it stands. */
    static Object violations(Page page) {
        if (!(Boolean) page.evaluate("'axe' in window")) {
            page.evaluate(AXE);
        }
        return page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
                + ".map(each => each.id + ': ' + each.nodes.map(node => node.target.join(' ') + ' ' + node.failureSummary).join('; '))");
    }

    /** A picture of the whole page, under target/, for people who asked for pictures to look at; in any case the page has been painted as it stands. */
    static void shoot(Page page, String name) {
        if (PICTURES) {
            page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(SHOTS.resolve(name + ".png")));
        } else {
            page.evaluate("() => new Promise(painted => requestAnimationFrame(() => requestAnimationFrame(painted)))");
        }
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
        List.copyOf(chromium.browser.contexts()).forEach(BrowserContext::close);
        syncline.close();
        Stream.<AutoCloseable>of(sandbox, sap).filter(Objects::nonNull).forEach(Stage::end);
    }

    private static void end(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is broken at the sources is mended. */
    void mend() {
        if (sandbox != null) {
            sandbox.clearFaults();
        }
        if (sap != null) {
            sap.clearFaults();
        }
    }
}
