package io.syncline.source;

import io.syncline.config.Connection;
import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.ODataResource;
import io.syncline.config.SourceConfig.ODataType;
import io.syncline.config.SourceConfig.Paging;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Path;
import io.syncline.record.SideMapping;
import io.syncline.source.HttpRequest.Purpose;
import io.syncline.source.SourceFailure.Kind;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Builds the requests of one read of an entity set. Where the pages are cut, and what a link says beyond where it leads, is the service's business. */
final class ODataReads implements WebReads {
    private static final String PLAIN_IN_QUERIES = "'(),:/$=";

    private final Read read;
    private final SourceConfig.OData service;
    private final ODataResource resource;
    private final boolean four;
    private final Paging paging;
    private final Origin origin;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final ODataCursor cursor;

    ODataReads(Read read) {
        this.read = read;
        this.service = (SourceConfig.OData) read.system().source();
        this.resource = (ODataResource) read.resource();
        this.four = service.version() == 4;
        // How many changes a delta tells is told by nobody; its pages are one list of them, in which nothing moves.
        boolean delta = read.cursor() != null;
        List<String> total = delta || !resource.count() ? null : four ? List.of("@odata.count") : List.of("d", "__count");
        // The token in a link is an offset in disguise, so records slip between pages.
        this.paging = new Paging(Paging.Kind.NEXT_URL, null, false, 0, null, 0, four ? List.of("@odata.nextLink") : List.of("d", "__next"), null, total, null,
                Paging.End.EMPTY_PAGE, service.maxPages(), delta);
        Connection connection = read.connection();
        this.origin = new Origin(connection.fill(service.baseUrl()), asked(""));
        headers.put("Accept", "application/json");
        headers.put("User-Agent", "Syncline");
        headers.put(four ? "OData-MaxVersion" : "MaxDataServiceVersion", four ? "4.0" : "2.0");
        if (service.pageSize() != null) {
            headers.put("Prefer", "odata.maxpagesize=" + service.pageSize());
        }
        service.headers().forEach((name, value) -> headers.put(name, connection.fill(value)));
        this.cursor = delta ? ODataCursor.of(read.cursor(), declared(), asked("")) : null;
    }

    /** All that decides what a delta link is about. */
    private String declared() {
        StringBuilder query = new StringBuilder();
        addDeclared(query);
        return service.version() + " " + origin.at("/" + resource.set() + query);
    }

    @Override
    public HttpRequest page(Position position) {
        Asked asked = asked(position.page() > 1 ? ", page " + position.page() : "");
        String link = position.at() == null && cursor != null ? cursor.link() : position.at();
        if (link != null) {
            return new HttpRequest(Purpose.READ, "GET", followed(link, asked), headers, null, null, asked);
        }
        return new HttpRequest(Purpose.READ, "GET", origin.at("/" + resource.set() + firstQuery()), firstHeaders(), null, null, asked);
    }

    private URI followed(String link, Asked asked) {
        return new Origin(origin.url(), asked).follow(origin.at("/" + resource.set()), link);
    }

    /** Only what is about everything is worth following on; the service is free not to heed it. */
    private Map<String, String> firstHeaders() {
        if (!resource.tracks() || read.since() != null) {
            return headers;
        }
        Map<String, String> tracking = new LinkedHashMap<>(headers);
        tracking.merge("Prefer", "odata.track-changes", (before, asked) -> asked + ", " + before);
        return tracking;
    }

    @Override
    public List<String> delta() {
        return resource.tracks() && (read.cursor() != null || read.since() == null) ? List.of("@odata.deltaLink") : null;
    }

    @Override
    public String cursor(String deltaLink) {
        followed(deltaLink, asked(", its delta link"));
        return new ODataCursor(deltaLink, declared()).text();
    }

    @Override
    public HttpRequest byId(String key) {
        Asked asked = new Asked(read.system().name(), "GET " + resource.set() + " for \"" + Asked.shown(key) + "\"");
        StringBuilder query = new StringBuilder();
        addDeclared(query);
        return new HttpRequest(Purpose.READ, "GET", origin.at("/" + resource.set() + "(" + predicate(key, asked) + ")" + query), headers, null, null, asked);
    }

    @Override
    public Paging paging() {
        return paging;
    }

    @Override
    public SourceConfig.Since since() {
        return resource.since();
    }

    @Override
    public List<String> records() {
        return four ? List.of("value") : List.of("d", "results");
    }

    @Override
    public List<String> record() {
        return four ? List.of() : List.of("d");
    }

    @Override
    public Asked asked(String where) {
        return new Asked(read.system().name(), "GET " + resource.set() + where);
    }

    @Override
    public RecordForm form() {
        ODataRecord form = new ODataRecord(four, typesOfMembers(), resource.times());
        return cursor == null ? form : new ODataDelta(form, List.copyOf(resource.key().keySet()), selected());
    }

    @Override
    public SourceFailure uncounted(Asked asked) {
        return asked.failure(Kind.NONSENSE, "the answer has no " + (four ? "@odata.count, though $count=true" : "__count, though $inlinecount=allpages")
                + " asked for it", "Where the service cannot count, write count: false for " + resource.name() + " in config/systems/" + read.system().name()
                        + ".yaml");
    }

    @Override
    public String said(HttpAnswer answer) {
        return ODataError.said(answer, read.connection(), service);
    }

    /** A web page is not the service's word: a proxy, or a service that is not active, says 404 to everything. */
    @Override
    public boolean isGone(HttpAnswer answer) {
        return WebReads.super.isGone(answer) && !ODataError.isWebPage(answer);
    }

    private String firstQuery() {
        StringBuilder query = new StringBuilder();
        if (resource.since() != null && read.since() != null) {
            Instant from = read.since().minus(resource.since().overlap());
            add(query, "$filter", resource.since().parameter() + " ge " + ODataLiteral.of(from, resource.changed(), service.version()));
        }
        addDeclared(query);
        if (resource.count()) {
            add(query, four ? "$count" : "$inlinecount", four ? "true" : "allpages");
        }
        return query.toString();
    }

    private void addDeclared(StringBuilder query) {
        if (resource.select()) {
            add(query, "$select", String.join(",", selected()));
        }
        if (!resource.expand().isEmpty()) {
            add(query, "$expand", String.join(",", resource.expand()));
        }
        service.query().forEach((name, value) -> add(query, name, read.connection().fill(value)));
    }

    private static void add(StringBuilder query, String name, String value) {
        if (!value.isEmpty()) {
            query.append(query.isEmpty() ? '?' : '&').append(Encoded.text(name, "$")).append('=').append(Encoded.text(value, PLAIN_IN_QUERIES));
        }
    }

    /** What is mapped. A navigation property comes by $expand; version 2 wants it selected as well, in version 4 that would ask for its link. */
    private TreeSet<String> selected() {
        TreeSet<String> selected = new TreeSet<>();
        SideMapping mapping = read.mapping();
        List<Path> paths = new ArrayList<>(mapping.key());
        mapping.shape().fields().stream().map(Field::from).forEach(paths::add);
        paths.add(mapping.version());
        paths.add(mapping.modifiedAt());
        paths.add(mapping.deletion() == null ? null : mapping.deletion().path());
        List<String> expanded = resource.expand().stream().map(each -> each.split("[/(]")[0]).toList();
        for (Path path : paths) {
            String member = path == null ? "@" : path.segments().get(0);
            if (member.indexOf('@') < 0 && !member.startsWith("__") && !(four && expanded.contains(member))) {
                selected.add(member);
            }
        }
        return selected;
    }

    private Map<String, FieldType> typesOfMembers() {
        Map<String, FieldType> types = new HashMap<>();
        for (Field field : read.mapping().shape().fields()) {
            if (field.from().segments().size() == 1) {
                types.put(field.from().segments().get(0), field.type());
            }
        }
        return types;
    }

    private String predicate(String key, Asked asked) {
        List<String> names = List.copyOf(resource.key().keySet());
        List<String> mapped = read.mapping().key().stream().map(Path::toString).toList();
        List<String> parts = KeyParts.of(key, names.size());
        if (parts.size() != names.size()) {
            throw asked.failure(Kind.REFUSED, "the key has " + parts.size() + " parts, that of " + resource.set() + " has " + names.size(),
                    "Compare key in the system's file with key in the sync's");
        }
        StringBuilder predicate = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            ODataType type = resource.key().get(name);
            String part = parts.get(mapped.containsAll(names) ? mapped.indexOf(name) : i);
            String literal = ODataLiteral.of(part, type, service.version());
            if (literal == null) {
                throw asked.failure(Kind.REFUSED, "\"" + Asked.shown(part) + "\" is no key of the type " + type.name().toLowerCase(Locale.ROOT),
                        "Compare key in the system's file with the service's metadata");
            }
            predicate.append(i == 0 ? "" : ",").append(names.size() == 1 ? "" : name + "=").append(Encoded.text(literal, "'"));
        }
        return predicate.toString();
    }
}
