package io.syncline.api;

import io.syncline.access.Caller;
import io.syncline.access.Role;
import io.syncline.api.Doors.Answered;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** What anybody may have: pages, scripts and styles that were there at start, the contract, and nothing else. */
class StaticFilesTest {
    private static Doors doors;

    @BeforeAll
    static void open() {
        doors = Doors.open();
    }

    @AfterAll
    static void close() {
        doors.close();
    }

    @Test
    void aPageCarriesHeadersUnderWhichNothingForeignAndNothingInlineRuns() {
        for (String path : List.of("/docs", "/docs/", "/docs/index.html")) {
            Answered page = doors.get(path, null);
            assertThat(page.status()).as(path).isEqualTo(200);
            assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
            String policy = page.header("Content-Security-Policy");
            assertThat(policy).contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "object-src 'none'", "base-uri 'none'",
                    "form-action 'none'",
                    "frame-ancestors 'none'").doesNotContain("unsafe", "http", "*");
            assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(page.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
            assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
            assertThat(doors.get(path, null, "If-None-Match", page.header("ETag")).status()).isEqualTo(304);
            assertThat(doors.get(path, null, "If-None-Match", "\"another\"").status()).isEqualTo(200);
        }
    }

    @Test
    void everythingThatThePageOfTheContractNamesIsThere() {
        String page = doors.get("/docs", null).text();
        assertThat(page).doesNotContain("<script>", "onload", "style=", "http:", "https:");
        var names = java.util.regex.Pattern.compile("(?:href|src)=\"(/[^\"]+)\"").matcher(page).results().map(match -> match.group(1)).toList();
        assertThat(names).hasSize(3).allSatisfy(name -> assertThat(doors.get(name, null).status()).as(name).isEqualTo(200));
        Answered contract = doors.get("/api/openapi.yaml", null);
        assertThat(contract.header("Content-Type")).startsWith("application/yaml");
        assertThat(contract.text()).startsWith("openapi: 3.0.3");
        assertThat(doors.get("/docs/docs.js", null).text()).contains("'/api/openapi.yaml'", "validatorUrl: null").doesNotContain("http");
    }

    @Test
    void aWebJarsFileHoldsForEverUnderItsVersion() throws IOException {
        String version = new String(StaticFilesTest.class.getResourceAsStream("/META-INF/maven/org.webjars/swagger-ui/pom.properties").readAllBytes())
                .replaceAll("(?s).*version=([0-9.]+).*", "$1");
        Answered versioned = doors.get("/webjars/swagger-ui/" + version + "/swagger-ui.css", null);
        assertThat(versioned.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(versioned.header("Content-Type")).startsWith("text/css");
        Answered named = doors.get("/webjars/swagger-ui/swagger-ui.css", null);
        assertThat(named.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(named.text()).isEqualTo(versioned.text());
        assertThat(doors.send("HEAD", "/webjars/swagger-ui/swagger-ui.css", null, null).text()).isEmpty();
        assertThat(doors.get("/webjars/swagger-ui/index.html", null).status()).as("pages of others are not ours to show").isEqualTo(404);
    }

    @Test
    void ofAWebJarOnlyWhatThePagesNameIsThere() {
        for (String path : List.of("/webjars/lit/3.3.2/index.js", "/webjars/lit-html/3.3.2/directives/repeat.js",
                "/webjars/lit__reactive-element/2.1.2/css-tag.js", "/webjars/swagger-ui/swagger-ui-bundle.js")) {
            assertThat(doors.get(path, null).status()).as(path).isEqualTo(200);
        }
        for (String path : List.of("/webjars/swagger-ui/swagger-ui-es-bundle.js", "/webjars/swagger-ui/swagger-initializer.js",
                "/webjars/swagger-ui/swagger-ui-standalone-preset.js", "/webjars/lit__ssr-dom-shim/index.js", "/webjars/lit__ssr-dom-shim/1.5.1/index.js")) {
            assertThat(doors.get(path, null).status()).as(path).isEqualTo(404);
        }
    }

    @Test
    void nothingElseIsThereHoweverItIsWritten() throws IOException {
        for (String path : List.of("/static/docs/index.html", "/docs/..%2f..%2fapplication.yaml", "/docs/%2e%2e/application.yaml", "/docs//index.html",
                "/docs/index.html/", "/application.yaml",
                "/webjars", "/webjars/", "/webjars/swagger-ui", "/META-INF/MANIFEST.MF", "/db/migration/V3__access.sql", "/Docs", "/docs/index.html%00",
                        "/docs;x=y/index.html",
                "/webjars/swagger-ui/../../../application.yaml", "/BOOT-INF/classes/application.yaml", "/actuator", "/actuator/health", "/actuator/heapdump",
                        "/h2-console", "/.env")) {
            String answer = doors.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(answer).as(path).containsPattern("\\AHTTP/1.1 40[04]").contains("application/problem+json").doesNotContain("spring:", "create table");
        }
        assertThat(doors.post("/docs", null, "{}").status()).isEqualTo(405);
        assertThat(doors.post("/docs", null, "{}").header("Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void theImportMapOfAPageIsAllowedAndNoOther() throws IOException {
        org.springframework.core.io.ByteArrayResource page = new org.springframework.core.io.ByteArrayResource(
                "<script type=\"importmap\">{\"imports\": {}}</script><script>alert(1)</script>".getBytes()) {
            @Override
            public String getFilename() {
                return "index.html";
            }
        };
        assertThat(StaticFiles.StaticFile.of(page, false).policy()).contains("script-src 'self' 'sha256-")
                .satisfies(policy -> assertThat(policy.split("sha256-")).hasSize(2));
    }

    @Test
    void aPublicPageStandsAtItsOwnAddressForWhoeverMaySeeIt() {
        PublicPage open = page("/open", Role.ANYONE);
        PublicPage inner = page("/inner", Role.OPERATOR);
        try (Doors with = Doors.with(Map.of("open", open, "inner", inner))) {
            assertThat(with.get("/open", null).text()).contains("nobody");
            assertThat(with.get("/inner", null).status()).isEqualTo(401);
            assertThat(with.get("/inner", with.key("v", "acme", Role.VIEWER)).status()).isEqualTo(403);
            assertThat(with.get("/inner", with.key("o", "acme", Role.OPERATOR)).text()).contains("\"o\"");
            assertThat(with.post("/open", null, "{}").status()).isEqualTo(405);
        }
    }

    private static PublicPage page(String path, Role role) {
        return new PublicPage() {
            @Override
            public String path() {
                return path;
            }

            @Override
            public Role role() {
                return role;
            }

            @Override
            public Answer answer(Caller caller) {
                return Answer.of(200, Map.of(), Map.of("caller", caller.name()));
            }
        };
    }
}
