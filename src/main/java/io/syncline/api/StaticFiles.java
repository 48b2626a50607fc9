package io.syncline.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.HttpStatus;
import org.springframework.util.function.SingletonSupplier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The files that anybody may have: the pages under {@code static}, the scripts and styles of WebJars that these name, and the contract. Which there are is
 * found out once, at start; nothing else can be asked for, however a path is written.
 */
final class StaticFiles {
    private static final String WEBJARS = "META-INF/resources/webjars/";
    private static final Pattern VERSIONED = Pattern.compile("/webjars/([^/]+)/([0-9][^/]*)/(.+)");
    private static final Map<String, String> TYPES = Map.of("html", "text/html;charset=UTF-8", "js", "text/javascript;charset=UTF-8", "mjs",
            "text/javascript;charset=UTF-8", "css", "text/css;charset=UTF-8", "svg", "image/svg+xml", "png", "image/png", "woff2", "font/woff2", "json",
            "application/json", "webmanifest", "application/manifest+json", "yaml", "application/yaml;charset=UTF-8");
    private static final Pattern OF_WEBJARS = Pattern.compile(".*\\.(js|mjs|css|svg|woff2)");
    private static final Pattern OF_PAGE = Pattern.compile("\"(/webjars/[^\"]+)\"");
    private static final Pattern IMPORT_MAP = Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

    private final Map<String, StaticFile> files;

    private StaticFiles(Map<String, StaticFile> files) {
        this.files = Map.copyOf(files);
    }

    static StaticFiles found() {
        try {
            PathMatchingResourcePatternResolver classpath = new PathMatchingResourcePatternResolver();
            Map<String, StaticFile> files = new HashMap<>();
            for (Resource resource : classpath.getResources("classpath*:/static/**/*.*")) {
                own(files, after(resource, "/static/"), resource);
            }
            Set<String> named = named(files);
            for (Resource resource : classpath.getResources("classpath*:/" + WEBJARS + "**/*.*")) {
                webjar(files, named, "/webjars/" + after(resource, WEBJARS), resource);
            }
            files.put("/api/openapi.yaml", StaticFile.of(classpath.getResource("classpath:api/openapi.yaml"), false));
            return new StaticFiles(files);
        } catch (IOException e) {
            throw new UncheckedIOException("the static files cannot be read", e);
        }
    }

    private static void own(Map<String, StaticFile> files, String path, Resource resource) throws IOException {
        StaticFile file = StaticFile.of(resource, false);
        files.put("/" + path, file);
        if (path.endsWith("index.html")) {
            String folder = "/" + path.substring(0, path.length() - "index.html".length());
            files.put(folder, file);
            files.put(folder.length() == 1 ? folder : folder.substring(0, folder.length() - 1), file);
        }
    }

    /** By its version, for ever; without it, so that a page need not know the version, to be asked for again each time. */
    private static void webjar(Map<String, StaticFile> files, Set<String> named, String path, Resource resource) throws IOException {
        String unversioned = VERSIONED.matcher(path).replaceFirst("/webjars/$1/$3");
        if (OF_WEBJARS.matcher(path).matches() && named.stream().anyMatch(name -> isNamed(path, name) || isNamed(unversioned, name))) {
            StaticFile file = StaticFile.of(resource, true);
            files.put(path, file);
            files.put(unversioned, file.forNow());
        }
    }

    /** An import map names files, and folders of them. */
    private static boolean isNamed(String path, String name) {
        return name.endsWith("/") ? path.startsWith(name) : path.equals(name);
    }

    private static Set<String> named(Map<String, StaticFile> pages) throws IOException {
        Set<String> named = new HashSet<>();
        for (StaticFile page : pages.values()) {
            if (page.type().startsWith("text/html")) {
                OF_PAGE.matcher(page.resource().getContentAsString(StandardCharsets.UTF_8)).results().forEach(name -> named.add(name.group(1)));
            }
        }
        return named;
    }

    private static String after(Resource resource, String folder) throws IOException {
        String address = resource.getURL().toString();
        return address.substring(address.lastIndexOf(folder) + folder.length());
    }

    /** What stands at a path, exactly as it was sent; empty when there is nothing. */
    Optional<StaticFile> at(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /**
     * @param tag       its ETag, made of the content when somebody asks for it first
     * @param policy    its content security policy
     * @param immutable whether the address never holds anything else
     */
    record StaticFile(Resource resource, String type, Supplier<String> tag, String policy, boolean immutable) {

        static StaticFile of(Resource resource, boolean immutable) throws IOException {
            String name = String.valueOf(resource.getFilename());
            String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
            if (type == null) {
                throw new IllegalStateException(resource + " is of a type that is not served. Take it out, or write its type into StaticFiles.");
            }
            return new StaticFile(resource, type, SingletonSupplier.of(() -> tagOf(resource)),
                    name.endsWith(".html") ? policy(resource.getContentAsString(StandardCharsets.UTF_8)) : AnswerHeaders.POLICY, immutable);
        }

        /** The same at an address that may hold something else one day. */
        StaticFile forNow() {
            return new StaticFile(resource, type, tag, policy, false);
        }

        private static String tagOf(Resource resource) {
            try {
                return '"' + sha256(resource.getContentAsByteArray()).substring(0, 27) + '"';
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Our own origin only, nothing inline; but the import map of a page cannot be a file of its own, so each page allows exactly the one it has. */
        private static String policy(String page) {
            String maps = IMPORT_MAP.matcher(page).results().map((MatchResult map) -> " 'sha256-" + sha256(map.group(1).getBytes(StandardCharsets.UTF_8)) + "'")
                    .collect(Collectors.joining());
            return "default-src 'none'; script-src 'self'" + maps + "; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
                    + " manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        }

        private static String sha256(byte[] content) {
            try {
                return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }

        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setHeader("Content-Security-Policy", policy);
            response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
            response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
            response.setHeader("Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache");
            response.setHeader("ETag", tag.get());
            if (tag.get().equals(request.getHeader("If-None-Match"))) {
                response.setStatus(HttpStatus.NOT_MODIFIED.value());
                return;
            }
            response.setContentType(type);
            byte[] content = resource.getContentAsByteArray();
            response.setContentLength(content.length);
            if (!request.getMethod().equals("HEAD")) {
                response.getOutputStream().write(content);
            }
        }
    }
}
