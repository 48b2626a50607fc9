package bench;

import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** How long the same thing takes, done often: the first ones, half as many, warm up and do not count. */
final class Times {
    private final int often;

    Times(int often) {
        this.often = often;
    }

    Times fewer() {
        return new Times(Math.max(1, often / 10));
    }

    /** Something that is done for one record after another. */
    interface Each<T> {
        T doIt(int number) throws Exception;
    }

    /** Prints the median, and what nine of ten do not exceed; what comes back has to be as it should. */
    <T> void print(String what, Each<T> each, Predicate<T> right) throws Exception {
        print(what, millis(what, each, right));
    }

    /** The median, in milliseconds. */
    <T> double median(String what, Each<T> each, Predicate<T> right) throws Exception {
        double[] millis = millis(what, each, right);
        java.util.Arrays.sort(millis);
        return Report.median(millis);
    }

    private <T> double[] millis(String what, Each<T> each, Predicate<T> right) throws Exception {
        int warmUps = often / 2;
        double[] millis = new double[often];
        for (int i = -warmUps; i < often; i++) {
            int number = i + warmUps;
            long begin = System.nanoTime();
            T answer = each.doIt(number);
            if (i >= 0) {
                millis[i] = (System.nanoTime() - begin) / 1e6;
            }
            if (!right.test(answer)) {
                throw new IllegalStateException(what + ": " + answer);
            }
        }
        return millis;
    }

    static void print(String what, double[] millis) {
        java.util.Arrays.sort(millis);
        System.out.printf("| %s | %.1f | %.1f | %d |%n", what, Report.median(millis), millis[(millis.length * 9 + 9) / 10 - 1], millis.length);
        System.out.flush();
    }

    static double seconds(Callable<?> what) throws Exception {
        long begin = System.nanoTime();
        what.call();
        return (System.nanoTime() - begin) / 1e9;
    }
}
