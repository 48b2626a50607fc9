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

/** Values as an address of OData holds them. The versions write them differently, and a literal of the wrong form may silently select something else. */
final class ODataLiteral {
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
