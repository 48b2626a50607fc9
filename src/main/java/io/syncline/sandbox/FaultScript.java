package io.syncline.sandbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Faults as text, one rule a line: {@code <path> [method=M] [page=N] [call=N | call=N..M | call=N..] [every=N] -> <fault>}. Blank lines
 * and lines that begin with {@code #} say nothing.
 * <pre>
 * /connect/token call=2          -> status 401
 * /materials page=3 call=1       -> reset
 * /materials call=1..2           -> status 429 retry-after 2
 * /services/1000001              -> status 403
 * *                              -> delay 250
 * * method=PATCH every=20          -> lost-answer
 * </pre>
 * The faults: {@value #WORDS}.
 */
final class FaultScript {
    static final String WORDS = "reset; reset-after; lost-answer; late-answer MILLIS; status-after CODE; outage MILLIS; delay MILLIS; "
            + "status CODE [retry-after SECONDS | retry-after-date SECONDS]; "
            + "html; empty-body; half-body; half-chunk; cut-json; drip MILLIS; wrong-charset; foreign-charset; utf16; byte-order-mark; null-data; null-total; "
            + "more-forever; repeated-page; duplicate-rows N; shift N; empty-page; since-ignored; since-expired; without-field NAME; field-as-object NAME; "
            + "mutate SEED COUNT";
    private static final Pattern LINE = Pattern.compile("(\\S+)((?:\\s+(?:method|page|call|every)=\\S+)*)\\s+->\\s+(.+)");
    private static final Pattern CALLS = Pattern.compile("(\\d{1,9})(\\.\\.(\\d{1,9})?)?");

    private FaultScript() {
    }

    /** @throws IllegalArgumentException naming the line and what may stand there */
    static List<FaultRule> parse(String script) {
        List<FaultRule> rules = new ArrayList<>();
        String[] lines = script.split("\\R");
        for (int at = 0; at < lines.length; at++) {
            String line = lines[at].trim();
            if (!line.isEmpty() && !line.startsWith("#")) {
                try {
                    rules.add(rule(line));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("line " + (at + 1) + ": " + e.getMessage(), e);
                }
            }
        }
        return rules;
    }

    private static FaultRule rule(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + line + "\" is not a rule. Write <path> [method=M] [page=N] [call=N..M] [every=N] -> <fault>.");
        }
        FaultRule rule = FaultRule.on(matcher.group(1), fault(matcher.group(3).trim()));
        for (String condition : matcher.group(2).trim().split("\\s+")) {
            if (condition.startsWith("page=")) {
                rule = rule.page(number(condition.substring(5)));
            } else if (condition.startsWith("method=")) {
                rule = rule.method(condition.substring(7).toUpperCase(Locale.ROOT));
            } else if (condition.startsWith("every=")) {
                rule = rule.every(Math.max(1, number(condition.substring(6))));
            } else if (condition.startsWith("call=")) {
                Matcher calls = CALLS.matcher(condition.substring(5));
                if (!calls.matches()) {
                    throw new IllegalArgumentException("\"" + condition + "\" is not understood. Write call=2, call=2..4 or call=2..");
                }
                int first = Integer.parseInt(calls.group(1));
                int last = calls.group(2) == null ? first : calls.group(3) == null ? Integer.MAX_VALUE : Integer.parseInt(calls.group(3));
                rule = rule.calls(first, last);
            }
        }
        return rule;
    }

    static Fault fault(String text) {
        String[] words = text.split("\\s+");
        return switch (words[0] + "/" + (words.length - 1)) {
            case "reset/0" -> new Fault.Reset();
            case "reset-after/0" -> new Fault.ResetAfter();
            case "lost-answer/0" -> new Fault.LostAnswer();
            case "late-answer/1" -> new Fault.LateAnswer(millis(words[1]));
            case "status-after/1" -> new Fault.StatusAfter(code(words[1]));
            case "outage/1" -> new Fault.Outage(millis(words[1]));
            case "delay/1" -> new Fault.Delay(millis(words[1]));
            case "status/1" -> new Fault.Status(code(words[1]));
            case "status/3" -> status(words, text);
            case "html/0" -> new Fault.Html();
            case "empty-body/0" -> new Fault.EmptyBody();
            case "half-body/0" -> new Fault.HalfBody();
            case "half-chunk/0" -> new Fault.HalfChunk();
            case "cut-json/0" -> new Fault.CutJson();
            case "drip/1" -> new Fault.Drip(millis(words[1]));
            case "wrong-charset/0" -> new Fault.WrongCharset();
            case "foreign-charset/0" -> new Fault.ForeignCharset();
            case "utf16/0" -> new Fault.Utf16();
            case "byte-order-mark/0" -> new Fault.ByteOrderMark();
            case "null-data/0" -> new Fault.NullData();
            case "null-total/0" -> new Fault.NullTotal();
            case "more-forever/0" -> new Fault.MoreForever();
            case "repeated-page/0" -> new Fault.RepeatedPage();
            case "duplicate-rows/1" -> new Fault.DuplicateRows(number(words[1]));
            case "shift/1" -> new Fault.Shift(number(words[1]));
            case "empty-page/0" -> new Fault.EmptyPage();
            case "since-ignored/0" -> new Fault.SinceIgnored();
            case "since-expired/0" -> new Fault.SinceExpired();
            case "without-field/1" -> new Fault.WithoutField(words[1]);
            case "field-as-object/1" -> new Fault.FieldAsObject(words[1]);
            case "mutate/2" -> new Fault.Mutate(number(words[1]), number(words[2]));
            default -> throw unknown(text);
        };
    }

    static String text(FaultRule rule) {
        boolean every = rule.firstCall() == 1 && rule.lastCall() == Integer.MAX_VALUE;
        String last = rule.lastCall() == Integer.MAX_VALUE ? "" : Integer.toString(rule.lastCall());
        String method = rule.method() == null ? "" : " method=" + rule.method();
        return rule.path() + method + (rule.page() == 0 ? "" : " page=" + rule.page()) + (every ? "" : " call=" + rule.firstCall() + ".." + last)
                + (rule.every() == 1 ? "" : " every=" + rule.every()) + " -> " + text(rule.fault());
    }

    /** The fault in the words of the script. */
    static String text(Fault fault) {
        if (fault instanceof Fault.Delay delay) {
            return "delay " + delay.by().toMillis();
        } else if (fault instanceof Fault.LateAnswer late) {
            return "late-answer " + late.by().toMillis();
        } else if (fault instanceof Fault.StatusAfter after) {
            return "status-after " + after.code();
        } else if (fault instanceof Fault.Drip drip) {
            return "drip " + drip.overall().toMillis();
        } else if (fault instanceof Fault.Outage outage) {
            return "outage " + outage.length().toMillis();
        } else if (fault instanceof Fault.WithoutField without) {
            return "without-field " + without.name();
        } else if (fault instanceof Fault.FieldAsObject field) {
            return "field-as-object " + field.name();
        } else if (fault instanceof Fault.Status status) {
            return "status " + status.code()
                    + (status.retryAfter() == null ? "" : (status.asDate() ? " retry-after-date " : " retry-after ") + status.retryAfter().toSeconds());
        } else if (fault instanceof Fault.DuplicateRows duplicate) {
            return "duplicate-rows " + duplicate.rows();
        } else if (fault instanceof Fault.Shift shift) {
            return "shift " + shift.rows();
        } else if (fault instanceof Fault.Mutate mutate) {
            return "mutate " + mutate.seed() + " " + mutate.count();
        }
        return fault.getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    private static Fault status(String[] words, String text) {
        if (!words[2].equals("retry-after") && !words[2].equals("retry-after-date")) {
            throw unknown(text);
        }
        return new Fault.Status(code(words[1]), Duration.ofSeconds(number(words[3])), words[2].equals("retry-after-date"));
    }

    private static IllegalArgumentException unknown(String text) {
        return new IllegalArgumentException("\"" + text + "\" is not a fault. Write one of: " + WORDS + ".");
    }

    private static int code(String word) {
        int code = number(word);
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("\"" + word + "\" is not an HTTP status.");
        }
        return code;
    }

    private static Duration millis(String word) {
        return Duration.ofMillis(number(word));
    }

    private static int number(String word) {
        if (!word.matches("-?\\d{1,9}")) {
            throw new IllegalArgumentException("\"" + word + "\" is not a number.");
        }
        return Integer.parseInt(word);
    }
}
