package io.syncline.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.syncline.record.FieldType;
import io.syncline.record.Observed;
import io.syncline.record.SideMapping;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A record of an OData service without what is only the protocol's: annotations and metadata fall away, the lists of version 2 stand without their
 * {@code results}, its {@code /Date(…)/} become ISO 8601. Numbers stay the digits that were sent, in text or not.
 */
final class ODataRecord implements RecordForm {
    private static final Pattern DATE = Pattern.compile("/Date\\((-?[0-9]{1,16})([+-][0-9]{1,4})?\\)/");
    private static final Pattern TIME = Pattern.compile("PT([01][0-9]|2[0-3])H([0-5][0-9])M([0-5][0-9](?:\\.[0-9]+)?)S");
    private static final Set<String> BEFORE_RESULTS = Set.of("__count", "__next", "__metadata");

    private final boolean four;
    private final Map<String, FieldType> types;
    private final List<String> times;

    /**
     * @param types of the record's own members, as far as they are mapped
     * @param times the names of those that are times of day
     */
    ODataRecord(boolean four, Map<String, FieldType> types, List<String> times) {
        this.times = times;
        this.four = four;
        this.types = types;
    }

    @Override
    public Observed read(JsonParser parser, SideMapping mapping) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return mapping.read(parser);
        }
        return read(parser, mapping, null);
    }

    /** @param note is told what the record says of itself; or null */
    Observed read(JsonParser parser, SideMapping mapping, ODataNote note) throws IOException {
        List<String> cut = new ArrayList<>(0);
        try (TokenBuffer record = new TokenBuffer(null, false)) {
            record.writeStartObject();
            parser.nextToken();
            members(parser, record, true, cut, note);
            record.writeEndObject();
            try (JsonParser plain = record.asParserOnFirstToken()) {
                Observed observed = mapping.read(plain);
                return cut.isEmpty() ? observed : new Observed(observed.key(), null, observed.version(), observed.modifiedAt(), false, cut, null);
            }
        }
    }

    /** From the first name on to the end of the object. */
    private void members(JsonParser parser, TokenBuffer to, boolean own, List<String> cut, ODataNote note) throws IOException {
        for (; parser.currentToken() == JsonToken.FIELD_NAME; parser.nextToken()) {
            String name = parser.currentName();
            parser.nextToken();
            if (note != null) {
                note.member(name, parser);
            }
            int annotation = name.indexOf('@');
            if (four && annotation >= 0 || !four && name.equals("__metadata")) {
                if (annotation > 0 && name.endsWith("@odata.nextLink")) {
                    cut.add(cutList(name.substring(0, annotation)));
                }
                parser.skipChildren();
            } else {
                member(parser, name, to, own, cut);
            }
        }
    }

    private void member(JsonParser parser, String name, TokenBuffer to, boolean own, List<String> cut) throws IOException {
        if (four || parser.currentToken() != JsonToken.START_OBJECT) {
            to.writeFieldName(name);
            value(parser, name, to, own, cut);
            return;
        }
        boolean more = false;
        JsonToken token = parser.nextToken();
        while (token == JsonToken.FIELD_NAME && BEFORE_RESULTS.contains(parser.currentName())) {
            boolean next = parser.currentName().equals("__next");
            more |= parser.nextToken() != JsonToken.VALUE_NULL && next;
            parser.skipChildren();
            token = parser.nextToken();
        }
        if (token == JsonToken.FIELD_NAME && parser.currentName().equals("__deferred")) {
            // It was not asked for, so nothing is known of it.
            toEnd(parser);
            return;
        }
        to.writeFieldName(name);
        if (token == JsonToken.FIELD_NAME && parser.currentName().equals("results")) {
            parser.nextToken();
            value(parser, name, to, false, cut);
            parser.nextToken();
            more |= toEnd(parser);
        } else {
            to.writeStartObject();
            members(parser, to, false, cut, null);
            to.writeEndObject();
        }
        if (more) {
            cut.add(cutList(name));
        }
    }

    /** Passes over the rest of an object, and says whether a next link was in it. */
    private static boolean toEnd(JsonParser parser) throws IOException {
        boolean more = false;
        for (; parser.currentToken() == JsonToken.FIELD_NAME; parser.nextToken()) {
            boolean next = parser.currentName().equals("__next");
            more |= parser.nextToken() != JsonToken.VALUE_NULL && next;
            parser.skipChildren();
        }
        return more;
    }

    private void value(JsonParser parser, String name, TokenBuffer to, boolean own, List<String> cut) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                to.writeStartObject();
                parser.nextToken();
                members(parser, to, false, cut, null);
                to.writeEndObject();
            }
            case START_ARRAY -> {
                to.writeStartArray();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    value(parser, name, to, false, cut);
                }
                to.writeEndArray();
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> to.writeNumber(parser.getText());
            case VALUE_STRING -> to.writeString(four ? parser.getText() : times.contains(name) ? timeOfDay(parser.getText())
                    : text(parser.getText(), own ? types.get(name) : null));
            default -> to.copyCurrentEvent(parser);
        }
    }

    /** A text that merely looks like a date stays one where a text is what the member is read as. */
    private static String text(String sent, FieldType type) {
        Matcher date = type == FieldType.TEXT || !sent.startsWith("/Date(") ? null : DATE.matcher(sent);
        if (date == null || !date.matches()) {
            return sent;
        }
        try {
            Instant instant = Instant.ofEpochMilli(Long.parseLong(date.group(1)));
            if (date.group(2) != null) {
                return instant.toString();
            }
            LocalDateTime local = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
            return type == FieldType.DATE && local.toLocalTime().equals(LocalTime.MIDNIGHT) ? local.toLocalDate().toString()
                    : DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(local);
        } catch (DateTimeException e) {
            return sent;
        }
    }

    /** Times of day only: a length of time beyond a day stays what it is. */
    private static String timeOfDay(String sent) {
        Matcher time = TIME.matcher(sent);
        return time.matches() ? time.group(1) + ":" + time.group(2) + ":" + time.group(3) : sent;
    }

    private static String cutList(String name) {
        return name + ": the source sent only a part of this list; read it as a resource of its own";
    }
}
