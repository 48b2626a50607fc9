package io.syncline.dashboard;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import org.junit.jupiter.api.Assumptions;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The real browser of this machine, one for all tests of a JVM, which ends with it. Where there is none, tests that need it are skipped and say so; a CI
 * machine must have one.
 */
final class Chromium {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final List<String> FLAGS = List.of("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync");

    private static Chromium launched;

    final Browser browser;

    private Chromium(Playwright playwright, Path executable) {
        this.browser = playwright.chromium().launch(new BrowserType.LaunchOptions().setExecutablePath(executable).setArgs(FLAGS));
    }

    static synchronized Chromium ofThisJvm() {
        if (launched == null) {
            launched = launch();
        }
        return launched;
    }

    private static Chromium launch() {
        Optional<Path> executable = executable();
        if (executable.isEmpty() && System.getenv("CI") == null) {
            String skipped = "No browser is found on the PATH (" + String.join(", ", NAMES) + "): the tests of the dashboard are skipped. Install chromium.";
            System.err.println(skipped);
            Assumptions.abort(skipped);
        }
        return new Chromium(Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))),
                executable.orElseThrow(() -> new AssertionError("A CI machine must have a browser: install one of " + NAMES)));
    }

    private static Optional<Path> executable() {
        List<String> folders = Arrays.asList(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator));
        return NAMES.stream().flatMap(name -> folders.stream().map(folder -> Path.of(folder, name))).filter(Files::isExecutable).findFirst();
    }
}
