package io.syncline.source;

import io.syncline.config.SourceConfig.ODataTime;
import io.syncline.config.SourceConfig.ODataType;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values as an address of OData holds them. The versions write them differently, and a literal of the wrong form may silently select something else. */
final class ODataLiteral {
    private static final Pattern PREDICATE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*\\((.*)\\)");
    /** A name or none, and a quoted text or anything else up to the next comma. */
    private static final Pattern PART = Pattern.compile("(?:([A-Za-z_][A-Za-z0-9_]*)=)?('(?:[^']|'')*'|[^',=]+)(?=,|$)");
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");

    private ODataLiteral() {
    }

    /** A moment, cut to the second: asking from a little earlier loses nothing, and not every service takes fractions. */
    static String of(Instant moment, ODataTime form, int version) {
        Instant second = moment.truncatedTo(ChronoUnit.SECONDS);
        return switch (form.type()) {
            case DATETIME -> "datetime'" + LOCAL.format(local(second, form.zone())) + "'";
            case DATE -> local(second, form.zone()).toLocalDate().toString();
            default -> version == 2 ? "datetimeoffset'" + second + "'" : second.toString();
        };
    }

    /** Promise 2: before clocks go back the later hour shows earlier times, so it is asked from the earliest of them. */
    private static LocalDateTime local(Instant moment, ZoneId zone) {
        LocalDateTime local = LocalDateTime.ofInstant(moment, zone);
        ZoneOffsetTransition next = zone.getRules().nextTransition(moment);
        return next != null && next.isOverlap() && local.isAfter(next.getDateTimeAfter()) ? next.getDateTimeAfter() : local;
    }

    /** A part of a key, or null where the text is none of the type. */
    static String of(String text, ODataType type, int version) {
        boolean two = version == 2;
        return switch (type) {
            case STRING -> "'" + text.replace("'", "''") + "'";
            case GUID -> matching(text, "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", two ? "guid'" + text + "'" : text);
            case BOOLEAN -> matching(text, "true|false", text);
            case INT -> matching(text, "-?[0-9]{1,10}", text);
            case INT64 -> matching(text, "-?[0-9]{1,19}", two ? text + "L" : text);
            case DECIMAL -> matching(text, "-?[0-9]{1,40}(\\.[0-9]{1,40})?", two ? text + "M" : text);
            case DATE, DATETIME, DATETIMEOFFSET -> time(text, type, two);
        };
    }

    /**
     * The parts of a key by their names, as an address such as {@code Cases('17')} or {@code CaseItems(CaseId='17',ItemNo=2)} of version 4 holds them.
     *
     * @return null where the address does not end with the key
     */
    static Map<String, String> parts(String address, List<String> names) {
        String last = address.substring(address.lastIndexOf('/') + 1);
        Matcher predicate = PREDICATE.matcher(Encoded.decoded(last));
        if (!predicate.matches()) {
            return null;
        }
        Map<String, String> parts = new HashMap<>();
        Matcher part = PART.matcher(predicate.group(1));
        int end = -1;
        while (part.find() && part.start() == end + 1) {
            end = part.end();
            String name = part.group(1) == null ? names.get(0) : part.group(1);
            String value = part.group(2);
            parts.put(name, value.startsWith("'") ? value.substring(1, value.length() - 1).replace("''", "'") : value);
        }
        return end == predicate.group(1).length() && parts.keySet().equals(Set.copyOf(names)) ? parts : null;
    }

    private static String time(String text, ODataType type, boolean two) {
        try {
            return switch (type) {
                case DATE -> LocalDate.parse(text).toString();
                case DATETIME -> "datetime'" + DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(LocalDateTime.parse(text)) + "'";
                default -> two ? "datetimeoffset'" + OffsetDateTime.parse(text) + "'" : OffsetDateTime.parse(text).toString();
            };
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static String matching(String text, String pattern, String literal) {
        return text.matches(pattern) ? literal : null;
    }
}
