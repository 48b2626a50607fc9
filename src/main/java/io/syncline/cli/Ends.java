package io.syncline.cli;

/** How a command ends, for scripts. */
final class Ends {
    static final int WELL = 0;
    /** It could not be done, or not all of it. */
    static final int FAILED = 1;
    /** It was done, and there is something to see to: a plan with changes, a comparison with differences. */
    static final int FOUND = 2;
    /** What was to be proven holds, but what is kept outside to show it is not all there. */
    static final int MISSING = 3;
    /** The command was written wrongly; nothing was done. */
    static final int MISUSED = 64;
    /** Whoever waited has left; the run goes on. */
    static final int LEFT = 130;

    static final String[] TOLD = {"0:done, and nothing to see to", "1:failed, or not all of it was done",
        "2:found something: a plan with changes, a comparison with differences, a proof that does not hold",
        "3:every chain holds, but anchors that were written outside are not there any more (verify-chain)",
        "64:the command was written wrongly; nothing was done",
        "130:left with Ctrl-C; a run goes on"};

    private Ends() {
    }
}
