package io.syncline.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncline.config.Connection;
import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.Paging;
import io.syncline.source.HttpRequest.Purpose;
import io.syncline.source.SourceFailure.Kind;

import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Builds the requests of one read from what is declared. Pure: the same read and position give the same request. */
final class HttpReads implements WebReads {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^}]*}");
    private static final String PLAIN_IN_PATHS = "!$&'()*+,;=:@/";
    private static final Paging ONE_PAGE =
            new Paging(Paging.Kind.NONE, null, false, 0, null, 0, null, null, null, null, Paging.End.EMPTY_PAGE, 1, false);

    private final Read read;
    private final SourceConfig.Http http;
    private final SourceConfig.HttpResource resource;
    private final Paging paging;
    private final Origin origin;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, String> more;

    HttpReads(Read read) {
        this(read, Map.of());
    }

    /** @param more parameters that every page is asked with, as they stand: nothing is filled into them */
    HttpReads(Read read, Map<String, String> more) {
        this.read = read;
        this.more = more;
        this.http = (SourceConfig.Http) read.system().source();
        this.resource = (SourceConfig.HttpResource) read.resource();
        this.paging = resource.paging() != null ? resource.paging() : http.paging() != null ? http.paging() : ONE_PAGE;
        Connection connection = read.connection();
        this.origin = new Origin(connection.fill(http.baseUrl()), asked(""));
        headers.put("Accept", "application/json");
        headers.put("User-Agent", "Syncline");
        http.headers().forEach((name, value) -> headers.put(name, connection.fill(value)));
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
        return resource.records();
    }

    @Override
    public List<String> record() {
        return resource.record();
    }

    @Override
    public HttpRequest page(Position position) {
        Asked asked = asked(position.page() > 1 ? ", page " + position.page() : "");
        boolean byLink = position.at() != null && (paging.kind() == Paging.Kind.NEXT_URL || paging.kind() == Paging.Kind.LINK_HEADER);
        Map<String, String> query = new LinkedHashMap<>();
        ObjectNode body = resource.method().equals("POST") ? filledBody(read.connection(), resource.body(), asked) : null;
        resource.query().forEach((name, value) -> query.put(name, read.connection().fill(value)));
        query.putAll(more);
        if (resource.since() != null && read.since() != null) {
            SourceConfig.Since since = resource.since();
            Instant from = read.since().minus(since.overlap());
            put(since.parameter(), since.inBody(), since.format().write(from), since.format().toString().startsWith("epoch-"), query, body);
        }
        if (paging.sizeParameter() != null) {
            put(paging.sizeParameter(), paging.inBody(), Integer.toString(paging.size()), true, query, body);
        }
        switch (paging.kind()) {
            case PAGE, OFFSET -> {
                String number = position.at() == null ? Integer.toString(paging.first()) : position.at();
                put(paging.parameter(), paging.inBody(), number, true, query, body);
            }
            case CURSOR -> {
                if (position.at() != null) {
                    put(paging.parameter(), paging.inBody(), position.at(), false, query, body);
                }
            }
            case NONE, LINK_HEADER, NEXT_URL -> { }
        }
        URI uri = byLink ? followed(position.at(), asked) : origin.at(withQuery(path(resource.path()), query));
        return new HttpRequest(Purpose.READ, resource.method(), uri, headers, body == null ? null : body.toString(), "application/json", asked);
    }

    /** The position behind the link of an answer, or the reason why it is not followed. */
    URI followed(String link, Asked asked) {
        URI declared = origin.at(path(resource.path()));
        URI target = new Origin(origin.url(), asked).follow(declared, link);
        if (resource.method().equals("POST") && !target.getRawPath().equals(declared.getRawPath())) {
            // Promise 21: only the declared path is ever posted to.
            throw asked.failure(Kind.FORBIDDEN_ADDRESS, "the next link leads to another path, and this resource is read by POST",
                    "Declare another kind of paging for it");
        }
        return target;
    }

    @Override
    public HttpRequest byId(String key) {
        Asked asked = new Asked(read.system().name(), "GET " + resource.byId() + " for \"" + Asked.shown(key) + "\"");
        return new HttpRequest(Purpose.READ, "GET", address(resource.byId(), key, asked), headers, null, null, asked);
    }

    /**
     * A write of a record.
     *
     * @param declared the path, perhaps with {@code {id}} in it
     * @param key      null where it has none yet
     * @param more     headers beside those that every request carries
     */
    HttpRequest write(String method, String declared, String key, Map<String, String> more, String body) {
        Asked asked = new Asked(read.system().name(), method + " " + declared + (key == null ? "" : " for \"" + Asked.shown(key) + "\""));
        return new HttpRequest(Purpose.WRITE, method, address(declared, key, asked), headers, body, body == null ? null : "application/json", asked).with(more);
    }

    private URI address(String declared, String key, Asked asked) {
        int id = declared.indexOf("{id}");
        if (id < 0) {
            return origin.at(path(declared));
        }
        if (key.isEmpty() || key.equals(".") || key.equals("..")) {
            throw asked.failure(Kind.REFUSED, "this key cannot stand in a path", "Look at the record in the source");
        }
        return origin.at(path(declared.substring(0, id)) + Encoded.text(key) + path(declared.substring(id + "{id}".length())));
    }

    @Override
    public Asked asked(String where) {
        return new Asked(read.system().name(), resource.method() + " " + resource.path() + where);
    }

    /** What a setting puts into a path stays one segment of it. */
    private String path(String declared) {
        Matcher placeholder = PLACEHOLDER.matcher(declared);
        StringBuilder path = new StringBuilder();
        int from = 0;
        while (placeholder.find()) {
            path.append(plain(declared.substring(from, placeholder.start()))).append(Encoded.text(read.connection().fill(placeholder.group())));
            from = placeholder.end();
        }
        return path.append(plain(declared.substring(from))).toString();
    }

    private static String plain(String literal) {
        return Encoded.text(literal, PLAIN_IN_PATHS + "?%");
    }

    static String withQuery(String path, Map<String, String> query) {
        StringBuilder url = new StringBuilder(path);
        char separator = path.indexOf('?') >= 0 ? '&' : '?';
        for (Map.Entry<String, String> parameter : query.entrySet()) {
            url.append(separator).append(Encoded.text(parameter.getKey(), "$")).append('=').append(Encoded.text(parameter.getValue()));
            separator = '&';
        }
        return url.toString();
    }

    /**
     * A declared JSON body. Settings are filled into texts of the parsed body, so that none of them can change its form.
     *
     * @param declared null for an empty object
     */
    static ObjectNode filledBody(Connection connection, String declared, Asked asked) {
        try {
            if (JSON.readTree(declared == null ? "{}" : declared) instanceof ObjectNode body) {
                return (ObjectNode) filled(connection, body);
            }
        } catch (JsonProcessingException e) {
            throw asked.failure(Kind.REFUSED, "the declared body is no JSON", "Correct it in the system's file");
        }
        throw asked.failure(Kind.REFUSED, "the declared body is no JSON object", "Correct it in the system's file");
    }

    private static JsonNode filled(Connection connection, JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(member -> member.setValue(filled(connection, member.getValue())));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, filled(connection, array.get(i)));
            }
        } else if (node.isTextual()) {
            return JsonNodeFactory.instance.textNode(connection.fill(node.textValue()));
        }
        return node;
    }

    private static void put(String parameter, boolean inBody, String value, boolean number, Map<String, String> query, ObjectNode body) {
        if (!inBody) {
            query.put(parameter, value);
            return;
        }
        String[] path = parameter.split("\\.");
        ObjectNode at = body;
        for (int i = 0; i < path.length - 1; i++) {
            at = at.get(path[i]) instanceof ObjectNode object ? object : at.putObject(path[i]);
        }
        if (number) {
            at.put(path[path.length - 1], Long.parseLong(value));
        } else {
            at.put(path[path.length - 1], value);
        }
    }
}
