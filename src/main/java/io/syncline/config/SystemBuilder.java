package io.syncline.config;

import io.syncline.record.TimeFormat;

import java.nio.charset.Charset;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes a system of a file that is free of mistakes and has its defaults written out. */
final class SystemBuilder {
    private final Settings settings;

    private SystemBuilder(Settings settings) {
        this.settings = settings;
    }

    static SystemConfig build(Yaml system, Settings settings) {
        return new SystemConfig(system.get("name").text(), system.get("title").text(), system.get("description").text(),
                new SystemBuilder(settings).source(system.get("source")), isReadOnly(system), WebhookConfig.build(system.get("webhook")));
    }

    /** What is said, or what the kind of source means where nothing is. */
    static boolean isReadOnly(Yaml system) {
        return system.get("access").text().equals("read-only") || system.get("source").get("kind").text().equals("odata");
    }

    private SourceConfig source(Yaml source) {
        Yaml resources = source.get("resources");
        return switch (source.get("kind").text()) {
            case "http" -> http(source);
            case "odata" -> odata(source);
            case "jdbc" -> new SourceConfig.Jdbc(source.get("url").text(), source.get("user").text(), source.get("password").text(),
                    isTrue(source.get("allowPrivateNetwork")), each(resources, SystemBuilder::jdbcResource));
            case "files" -> new SourceConfig.Files(source.get("directory").text(), each(resources, SystemBuilder::filesResource));
            case "route" -> new SourceConfig.Route(each(resources, resource -> new SourceConfig.RouteResource(nameOf(resource), resource.get("uri").text(),
                    since(resource.get("since")), resource.get("stable").isTrue())));
            default -> throw new IllegalStateException("no source kind " + source.get("kind").text());
        };
    }

    private SourceConfig.Http http(Yaml source) {
        SourceConfig.Paging paging = paging(source.get("paging"));
        return new SourceConfig.Http(source.get("baseUrl").text(), isTrue(source.get("allowPrivateNetwork")), auth(source.get("auth")),
                texts(source.get("headers")),
                paging, limits(source.get("limits")), each(source.get("resources"), resource -> httpResource(resource, paging)));
    }

    private static SourceConfig.HttpResource httpResource(Yaml resource, SourceConfig.Paging systemPaging) {
        return new SourceConfig.HttpResource(nameOf(resource), resource.get("method").text(), resource.get("path").text(), texts(resource.get("query")),
                resource.has("body") ? resource.get("body").json() : null, way(resource.get("records")),
                resource.has("paging") ? paging(resource.get("paging")) : systemPaging, since(resource.get("since")),
                resource.get("byId").textOrNull(), way(resource.get("record")), WritesBuilder.build(resource));
    }

    private SourceConfig.OData odata(Yaml source) {
        return new SourceConfig.OData(source.get("version").integer(), source.get("baseUrl").text(), isTrue(source.get("allowPrivateNetwork")),
                auth(source.get("auth")), texts(source.get("headers")), texts(source.get("query")),
                source.has("pageSize") ? (Integer) source.get("pageSize").integer() : null, source.get("maxPages").integer(), limits(source.get("limits")),
                each(source.get("resources"), SystemBuilder::odataResource));
    }

    private static SourceConfig.ODataResource odataResource(Yaml resource) {
        Yaml changed = resource.get("changed");
        boolean tells = !changed.is(Yaml.Kind.ABSENT);
        return new SourceConfig.ODataResource(nameOf(resource), resource.get("set").text(),
                each(resource.get("key"), type -> constant(SourceConfig.ODataType.class, type)),
                tells ? new SourceConfig.Since(changed.get("property").text(), false, TimeFormat.ISO, length(changed.get("overlap")),
                        lengthOrNull(changed.get("keeps")), Set.of(410)) : null,
                tells ? new SourceConfig.ODataTime(constant(SourceConfig.ODataType.class, changed.get("type")), ZoneId.of(changed.get("zone").text())) : null,
                resource.get("expand").texts(), resource.get("select").isTrue(), resource.get("count").isTrue(), resource.get("times").texts(),
                resource.get("delta").isTrue());
    }

    private static SourceConfig.JdbcResource jdbcResource(Yaml resource) {
        Yaml since = resource.get("since");
        return new SourceConfig.JdbcResource(nameOf(resource), resource.get("query").text(), resource.get("key").texts(), resource.get("pageSize").integer(),
                since.is(Yaml.Kind.ABSENT) ? null : new SourceConfig.Since(since.get("column").text(), false, TimeFormat.ISO, length(since.get("overlap")),
                        lengthOrNull(since.get("keeps")), Set.of()));
    }

    private static SourceConfig.FilesResource filesResource(Yaml resource) {
        return new SourceConfig.FilesResource(nameOf(resource), resource.get("include").text(),
                constant(SourceConfig.FilesResource.Format.class, resource.get("format")),
                resource.get("delimiter").text().charAt(0), Charset.forName(resource.get("charset").text()), resource.get("pageSize").integer());
    }

    private static SourceConfig.Since since(Yaml since) {
        return since.is(Yaml.Kind.ABSENT) ? null
                : new SourceConfig.Since(since.get("parameter").text(), inBody(since), time(since), length(since.get("overlap")),
                        lengthOrNull(since.get("keeps")), since.get("expired").items().stream().map(Yaml::integer).collect(Collectors.toUnmodifiableSet()));
    }

    private static SourceConfig.Paging paging(Yaml paging) {
        return new SourceConfig.Paging(constant(SourceConfig.Paging.Kind.class, paging.get("kind")), paging.get("parameter").textOrNull(), inBody(paging),
                number(paging.get("first"), 0), paging.get("sizeParameter").textOrNull(), number(paging.get("size"), 0), wayOrNull(paging.get("next")),
                wayOrNull(paging.get("more")), wayOrNull(paging.get("total")), paging.get("totalHeader").textOrNull(),
                paging.has("end") ? constant(SourceConfig.Paging.End.class, paging.get("end")) : SourceConfig.Paging.End.EMPTY_PAGE,
                number(paging.get("maxPages"), 1), paging.get("stable").isTrue());
    }

    private static SourceConfig.Limits limits(Yaml limits) {
        return new SourceConfig.Limits(length(limits.get("timeout")), limits.get("maxBytes").integer(), limits.get("attempts").integer(),
                length(limits.get("firstWait")), length(limits.get("longestWait")), (int) limits.get("writesAtOnce").integer());
    }

    private static SourceConfig.Auth auth(Yaml auth) {
        return switch (auth.get("kind").text()) {
            case "none" -> new SourceConfig.Auth.None();
            case "basic" -> new SourceConfig.Auth.Basic(auth.get("user").text(), auth.get("password").text());
            case "bearer" -> new SourceConfig.Auth.Bearer(auth.get("token").text());
            case "header" -> new SourceConfig.Auth.Header(auth.get("name").text(), auth.get("value").text());
            case "oauth2" -> new SourceConfig.Auth.OAuth2(auth.get("tokenUrl").text(), auth.get("clientId").text(), auth.get("clientSecret").text(),
                    auth.get("scope").textOrNull());
            case "login" -> new SourceConfig.Auth.Login(auth.get("url").text(), auth.get("body").json(), way(auth.get("token")),
                    wayOrNull(auth.get("expiresIn")),
                    auth.get("header").text(), auth.get("prefix").text());
            default -> throw new IllegalStateException("no auth kind " + auth.get("kind").text());
        };
    }

    private boolean isTrue(Yaml yaml) {
        return filled(yaml, settings).equals("true");
    }

    /** A value that is not a text may be a placeholder with a default: it is filled once, for all organisations. */
    static String filled(Yaml yaml, Settings settings) {
        return Placeholders.fill(yaml.text(), name -> settings == null ? null : settings.find(name), name -> "");
    }

    static TimeFormat time(Yaml yaml) {
        return TimeFormat.of(yaml.has("format") ? yaml.get("format").text() : "iso", yaml.has("zone") ? ZoneId.of(yaml.get("zone").text()) : ZoneOffset.UTC);
    }

    static <E extends Enum<E>> E constant(Class<E> type, Yaml word) {
        return Enum.valueOf(type, word.text().toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static <T> Map<String, T> each(Yaml named, Function<Yaml, T> build) {
        Map<String, T> built = new LinkedHashMap<>();
        named.members().forEach((name, value) -> built.put(name, build.apply(value)));
        return built;
    }

    static Map<String, String> texts(Yaml map) {
        return each(map, Yaml::text);
    }

    private static boolean inBody(Yaml yaml) {
        return yaml.get("in").text().equals("body");
    }

    static Duration length(Yaml yaml) {
        return Durations.of(yaml.text());
    }

    private static Duration lengthOrNull(Yaml yaml) {
        return yaml.is(Yaml.Kind.ABSENT) ? null : length(yaml);
    }

    private static int number(Yaml yaml, int otherwise) {
        return yaml.is(Yaml.Kind.ABSENT) ? otherwise : yaml.integer();
    }

    static List<String> way(Yaml path) {
        return path.is(Yaml.Kind.ABSENT) ? List.of() : List.of(path.text().split("\\."));
    }

    static List<String> wayOrNull(Yaml path) {
        return path.is(Yaml.Kind.ABSENT) ? null : way(path);
    }

    private static String nameOf(Yaml resource) {
        return resource.where().substring(resource.where().lastIndexOf('.') + 1);
    }
}
