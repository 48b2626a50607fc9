package io.syncline.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.syncline.config.SourceConfig.Paging;
import io.syncline.record.Observed;
import io.syncline.record.SideMapping;
import io.syncline.source.SourceFailure.Kind;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Understands one JSON answer in a single pass: records are mapped where they stand, and what the answer says about further pages is picked up
 * wherever it stands, before or after them. What is declared and missing, of the wrong type, or there twice is a failure.
 */
final class JsonAnswer {
    static final JsonFactory JSON = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(100).maxNumberLength(1_000).maxStringLength(4 << 20).maxNameLength(10_000).build())
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .build();
    private static final String LOOK = "Ask for it by hand and compare it with the system's file";

    private enum Role {
        RECORDS, RECORD, MORE, NEXT, TOTAL, DELTA
    }

    private final SideMapping mapping;
    private final RecordForm form;
    private final Asked asked;
    private final byte[] body;
    private final int start;
    private final Node root = new Node();
    private final Set<Node> visited = new HashSet<>();
    private final List<Observed> records = new ArrayList<>();
    private List<String> list;
    private Fingerprint fingerprint = new Fingerprint();
    private Boolean more;
    private String next;
    private String delta;
    private Long total;

    private JsonAnswer(byte[] body, SideMapping mapping, RecordForm form, Asked asked) {
        this.body = body;
        this.form = form;
        this.mapping = mapping;
        this.asked = asked;
        boolean marked = body.length >= 3 && body[0] == (byte) 0xEF && body[1] == (byte) 0xBB && body[2] == (byte) 0xBF;
        this.start = marked ? 3 : 0;
    }

    /**
     * A page: the records and what the answer says about what follows. {@code more}, {@code next}, {@code total} and {@code delta}, the link to what changes
     * later, are null where it says nothing.
     */
    record Understood(List<Observed> records, Boolean more, String next, Long total, long fingerprint, String delta) {
        Understood(List<Observed> records, Boolean more, String next, Long total, long fingerprint) {
            this(records, more, next, total, fingerprint, null);
        }
    }

    /** @throws SourceFailure when the answer is not what is declared */
    static Understood page(HttpAnswer answer, List<String> recordsPath, Paging paging, SideMapping mapping, RecordForm form, Asked asked) {
        return page(answer, recordsPath, paging, null, mapping, form, asked);
    }

    /** @param deltaPath where a link to later changes may stand, or null */
    static Understood page(HttpAnswer answer, List<String> recordsPath, Paging paging, List<String> deltaPath, SideMapping mapping, RecordForm form,
                           Asked asked) {
        JsonAnswer reading = new JsonAnswer(answer.body(), mapping, form, asked);
        reading.root.reach(recordsPath).role = Role.RECORDS;
        reading.list = recordsPath;
        reading.want(paging.more(), Role.MORE);
        reading.want(paging.next(), Role.NEXT);
        reading.want(paging.total(), Role.TOTAL);
        reading.want(deltaPath, Role.DELTA);
        reading.read(answer);
        if (!reading.visited.contains(reading.root.reach(recordsPath))) {
            throw reading.nonsense("the answer has no list of records at " + shown(recordsPath));
        }
        if (paging.more() != null && reading.more == null) {
            throw reading.nonsense("the answer does not say at " + shown(paging.more()) + " whether there is more");
        }
        return new Understood(reading.records, reading.more, reading.next, reading.total, reading.fingerprint.value(), reading.delta);
    }

    /** @throws SourceFailure when there is no record at the path */
    static Observed record(HttpAnswer answer, List<String> path, SideMapping mapping, RecordForm form, Asked asked) {
        JsonAnswer reading = new JsonAnswer(answer.body(), mapping, form, asked);
        reading.root.reach(path).role = Role.RECORD;
        reading.read(answer);
        if (reading.records.isEmpty()) {
            throw reading.nonsense("the answer has no record at " + shown(path));
        }
        return reading.records.get(0);
    }

    private void want(List<String> path, Role role) {
        if (path != null) {
            root.reach(path).role = role;
        }
    }

    private void read(HttpAnswer answer) {
        Charsets.requireUtf8(answer, asked);
        int first = firstByte();
        if (first < 0) {
            throw nonsense("the answer is empty");
        }
        if (first == '<') {
            throw nonsense("the answer is a web page (HTML or XML), not JSON. Often that is a login page or a proxy");
        }
        byte[] rest = list == null || form != RecordForm.PLAIN ? null : ListedRecords.read(body, start, list, mapping, this::told);
        if (rest == null || !isUnderstood(rest)) {
            forget();
            understand();
        }
    }

    /** What stands around the list was read from what a parser takes; where it takes nothing, the whole answer is its to read. */
    private boolean isUnderstood(byte[] rest) {
        try {
            parse(rest);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void forget() {
        visited.clear();
        records.clear();
        fingerprint = new Fingerprint();
        more = null;
        next = null;
        delta = null;
        total = null;
    }

    private void understand() {
        try {
            parse(body);
        } catch (StreamConstraintsException e) {
            throw nonsense("the answer is nested deeper than 100 levels or holds a number or text longer than allowed");
        } catch (JsonProcessingException e) {
            boolean atEnd = e.getLocation() != null && e.getLocation().getByteOffset() >= body.length - start;
            throw nonsense(atEnd ? "the answer stops in the middle" : "the answer is no proper JSON");
        } catch (IOException e) {
            throw nonsense("the answer is no proper JSON");
        }
    }

    private void parse(byte[] json) throws IOException {
        try (JsonParser parser = JSON.createParser(json, start, json.length - start)) {
            parser.nextToken();
            value(parser, root);
            if (parser.nextToken() != null) {
                throw nonsense("something stands after the end of the answer");
            }
        }
    }

    private int firstByte() {
        for (int at = start; at < body.length; at++) {
            if (body[at] != ' ' && body[at] != '\n' && body[at] != '\r' && body[at] != '\t') {
                return body[at] & 0xff;
            }
        }
        return -1;
    }

    private void value(JsonParser parser, Node node) throws IOException {
        if (node == null) {
            parser.skipChildren();
            return;
        }
        if (!visited.add(node)) {
            throw nonsense("the answer holds " + node.path + " twice");
        }
        if (node.role != null) {
            take(parser, node);
        } else if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                Node member = node.members.get(parser.currentName());
                parser.nextToken();
                value(parser, member);
            }
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
                value(parser, node.members.get(Integer.toString(index)));
            }
        }
    }

    private void take(JsonParser parser, Node node) throws IOException {
        JsonToken token = parser.currentToken();
        switch (node.role) {
            case RECORDS -> {
                if (token != JsonToken.START_ARRAY) {
                    throw nonsense(node.path + " is " + named(token) + ", not a list of records");
                }
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    record(parser);
                }
            }
            case RECORD -> {
                if (token != JsonToken.START_OBJECT) {
                    throw nonsense(node.path + " is " + named(token) + ", not a record");
                }
                record(parser);
            }
            case MORE -> {
                if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
                    throw nonsense(node.path + " is " + named(token) + ", not true or false");
                }
                more = token == JsonToken.VALUE_TRUE;
            }
            case NEXT -> {
                if (token != JsonToken.VALUE_NULL && token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_NUMBER_INT) {
                    throw nonsense(node.path + " is " + named(token) + ", not where the next page is");
                }
                String text = token == JsonToken.VALUE_NULL ? "" : parser.getText();
                next = text.isEmpty() ? null : text;
            }
            case DELTA -> {
                if (token != JsonToken.VALUE_NULL && token != JsonToken.VALUE_STRING) {
                    throw nonsense(node.path + " is " + named(token) + ", not a link");
                }
                delta = token == JsonToken.VALUE_NULL || parser.getText().isEmpty() ? null : parser.getText();
            }
            case TOTAL -> {
                boolean number = (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_STRING) && parser.getText().matches("[0-9]{1,18}");
                if (!number) {
                    throw nonsense(node.path + " is " + named(token) + ", not a number of records");
                }
                total = Long.parseLong(parser.getText());
            }
        }
    }

    private void record(JsonParser parser) throws IOException {
        long from = parser.currentTokenLocation().getByteOffset();
        Observed observed = form.read(parser, mapping);
        parser.finishToken();
        told(observed, start + (int) from, start + (int) parser.currentLocation().getByteOffset());
    }

    private void told(Observed observed, int from, int to) {
        Observed record = observed.isFit() ? observed : Raw.kept(observed, body, from, to);
        fingerprint.add(record.key(), body, from, to);
        records.add(record);
    }

    private SourceFailure nonsense(String cameBack) {
        return asked.failure(Kind.NONSENSE, cameBack, LOOK);
    }

    private static String shown(List<String> path) {
        return path.isEmpty() ? "its top" : String.join(".", path);
    }

    private static String named(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a text";
            case VALUE_NULL -> "null";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            default -> "a number";
        };
    }

    /** A place in the answer that something is wanted from, at it or below. */
    private static final class Node {
        private final Map<String, Node> members = new HashMap<>();
        private String path = "the answer";
        private Role role;

        /** The way there, and every way to it where members have dots in their names: {@code @odata.nextLink} is one member as well as two. */
        Node reach(List<String> segments) {
            Node node = this;
            List<Node> way = new ArrayList<>();
            for (int i = 0; i < segments.size(); i++) {
                way.add(node);
                node = node.members.computeIfAbsent(segments.get(i), s -> new Node());
                node.path = String.join(".", segments.subList(0, i + 1));
            }
            for (int i = 0; i < way.size(); i++) {
                way.get(i).members.putIfAbsent(String.join(".", segments.subList(i, segments.size())), node);
            }
            return node;
        }
    }
}
