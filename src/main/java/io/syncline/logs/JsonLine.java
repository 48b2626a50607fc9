package io.syncline.logs;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import org.springframework.boot.logging.structured.StructuredLogFormatter;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One event as one line of JSON: time, level, logger, message and, where there is one, the request, run, sync and organisation that it is about, and the stack.
 * Whatever a message holds, control characters and line ends of every kind are escaped, and of a key only its mark is left (promise 28).
 */
public final class JsonLine implements StructuredLogFormatter<ILoggingEvent> {
    private static final Pattern KEYS = Pattern.compile("sln_[0-9A-Za-z]{8,}");
    private static final int MOST_CAUSES = 10;
    private static final int MOST_FRAMES = 12;
    private static final char LINE_SEPARATOR = '\u2028';
    private static final char PARAGRAPH_SEPARATOR = '\u2029';

    @Override
    public String format(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(200).append('{');
        member(line, "time", event.getInstant().toString());
        member(line, "level", event.getLevel().toString());
        member(line, "logger", event.getLoggerName());
        member(line, "message", event.getFormattedMessage());
        Map<String, String> trail = event.getMDCPropertyMap();
        for (String name : List.of(Trail.REQUEST, Trail.RUN, Trail.SYNC, Trail.ORGANISATION)) {
            member(line, name, trail.get(name));
        }
        member(line, "thread", event.getThreadName());
        if (event.getThrowableProxy() != null) {
            member(line, "stack", stack(event.getThrowableProxy()));
        }
        return line.append("}\n").toString();
    }

    /** What failed and why, down to the first cause, each with where it happened. */
    private static String stack(IThrowableProxy failure) {
        StringBuilder stack = new StringBuilder();
        IThrowableProxy cause = failure;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++, cause = cause.getCause()) {
            stack.append(depth == 0 ? "" : "caused by ").append(cause.getClassName()).append(": ").append(cause.getMessage()).append('\n');
            Arrays.stream(cause.getStackTraceElementProxyArray()).limit(MOST_FRAMES)
                    .forEach(frame -> stack.append("  ").append(frame.getSTEAsString()).append('\n'));
        }
        return stack.toString();
    }

    private static void member(StringBuilder line, String name, String value) {
        if (value == null) {
            return;
        }
        line.append(line.length() > 1 ? "," : "").append('"').append(name).append("\":\"");
        String shown = KEYS.matcher(value).replaceAll("sln_…");
        for (int at = 0; at < shown.length(); at++) {
            char c = shown.charAt(at);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (Character.isISOControl(c) || c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR || isHalf(shown, at)) {
                line.append("\\u%04x".formatted((int) c));
            } else {
                line.append(c);
            }
        }
        line.append('"');
    }

    /** Half of a character that takes two has no form in UTF-8. */
    private static boolean isHalf(String text, int at) {
        char c = text.charAt(at);
        return Character.isHighSurrogate(c) && (at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1)))
                || Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
