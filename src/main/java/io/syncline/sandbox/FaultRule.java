package io.syncline.sandbox;

import java.util.regex.Pattern;

/**
 * When which fault strikes. Where several rules fit a request, the first one that is not used up does.
 *
 * @param path      the end of the path, e.g. {@code /materials}; {@code *} stands for anything
 * @param page      only this page; 0 for any
 * @param firstCall of the requests that fit, the first one that is struck, from 1
 * @param lastCall  the last one that is struck
 */
public record FaultRule(String path, int page, int firstCall, int lastCall, Fault fault) {
    /** Every request whose path ends so. */
    public static FaultRule on(String path, Fault fault) {
        return new FaultRule(path, 0, 1, Integer.MAX_VALUE, fault);
    }

    public FaultRule page(int only) {
        return new FaultRule(path, only, firstCall, lastCall, fault);
    }

    /** Only this one of the requests that fit, from 1. */
    public FaultRule call(int only) {
        return calls(only, only);
    }

    public FaultRule calls(int first, int last) {
        return new FaultRule(path, page, first, last, fault);
    }

    boolean fits(Request request) {
        boolean pageFits = page == 0 || request.parameters().getOrDefault("page", "1").equals(Integer.toString(page));
        return pageFits && Pattern.matches(".*" + Pattern.quote(path).replace("*", "\\E.*\\Q"), request.path());
    }

    boolean strikes(int call) {
        return call >= firstCall && call <= lastCall;
    }
}
