package io.syncline.simulation;

import io.syncline.change.Classifier;
import io.syncline.change.Outcome;
import io.syncline.change.Stored;
import io.syncline.config.EntityConfig;
import io.syncline.run.Mode;
import io.syncline.run.SimulatedPass;
import io.syncline.source.SimulatedWriting;
import io.syncline.source.Writing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One story, told by a seed: a source, people and runs, of which any may do something next, and processes that die between any two steps.
 * In the end all calms down, and what the promises say must be so.
 */
final class Story {
    final Setting setting;
    final Dice dice;
    final Clock clock;
    final Topic topic;
    final World world;
    final Mutant mutant;
    final Ledger ledger = new Ledger();
    final Trace trace;
    final Hub hub;
    final Oracle oracle;
    private final People people;
    private final List<SimulatedRun> atWork = new ArrayList<>();
    private final List<Delivery> workers = new ArrayList<>();
    private final Reviewers reviewers;
    final WorldDoor door;
    final Writing writing;
    private int hired;
    private boolean calm;
    private final boolean isLong;
    private static final int ROUNDS = 4;
    private static final int DELIVERIES = 60;
    /** Of a hundred stories of two writers so many are long, and people here have more to do in them. */
    private static final int LONG = Integer.getInteger("syncline.longStories", 20);

    /** A process ends without a word. */
    private static final class Died extends RuntimeException {
        Died() {
            super("died", null, false, false);
        }
    }

    /** Where the story's rows are kept. */
    interface Kept {
        Hub in(Setting setting, Clock clock);
    }

    private Story(Setting setting, Dice dice, Clock clock, Mutant mutant, Hub hub, boolean traced) {
        this.setting = setting;
        this.dice = dice;
        this.clock = clock;
        this.mutant = mutant;
        this.hub = hub;
        this.trace = new Trace(clock, traced);
        this.isLong = setting.isTwoWay() && dice.percent(LONG);
        this.topic = new Topic(setting, dice);
        this.world = new World(setting, dice, clock, topic);
        this.oracle = hub instanceof MemoryHub memory ? new PromiseOracle(this, memory) : Oracle.SILENT;
        this.people = new People(this);
        this.reviewers = new Reviewers(this);
        this.door = new WorldDoor(this);
        this.writing = setting.isTwoWay() ? SimulatedWriting.to(setting.sync(), setting.paging(), Duration.ofSeconds(setting.overlap()), setting.increments(),
                clock::there, door) : null;
    }

    /** A story in memory, watched by the promises. */
    static Story of(long seed, boolean twoWay, Mutant mutant, boolean traced) {
        Dice dice = new Dice(seed);
        Setting setting = Setting.drawn(dice, twoWay);
        Clock clock = new Clock();
        return new Story(setting, dice, clock, mutant, new MemoryHub(setting, clock, mutant), traced);
    }

    /** The same story with its rows kept elsewhere. */
    static Story of(long seed, boolean twoWay, Kept kept) {
        Dice dice = new Dice(seed);
        Setting setting = Setting.drawn(dice, twoWay);
        Clock clock = new Clock();
        return new Story(setting, dice, clock, Mutant.NONE, kept.in(setting, clock), true);
    }

    /** @throws Broken when a promise is */
    void tell() {
        trace.line(setting::toString);
        for (int i = dice.below(8); i >= 0; i--) {
            happens(world.change());
        }
        if (dice.percent(60)) {
            calm = true;
            alone(Mode.FULL);
            calm = false;
        }
        for (int left = (isLong ? 120 : 40) + dice.below(80); left > 0; left--) {
            pass(dice.percent(50) ? 0 : 1 + dice.below(2));
            something();
        }
        calmDown();
    }

    private void pass(int seconds) {
        clock.pass(seconds);
        door.arrive();
    }

    private void something() {
        if (setting.isTwoWay() && dice.percent(45)) {
            push();
            return;
        }
        int chance = dice.below(100);
        if (chance < 20) {
            happens(world.change());
        } else if (chance < 30) {
            happens(people.act());
        } else if (chance < 36) {
            begin(dice.percent(50) ? Mode.FULL : Mode.INCREMENTAL);
        } else if (chance < 42) {
            if (atWork.size() < 4) {
                begin(Mode.SINGLE);
            }
        } else if (chance < 45) {
            die();
        } else if (!atWork.isEmpty()) {
            step(dice.one(atWork));
        }
    }

    /** What is done for the way back. */
    private void push() {
        int chance = dice.below(100);
        if (chance < (isLong ? 15 : 20)) {
            pushRun();
        } else if (chance < (isLong ? 25 : 30)) {
            happens(reviewers.act());
        } else if (isLong && chance < 32) {
            happens(people.act());
        } else if (chance < 42 && workers.size() < 2) {
            workers.add(new Delivery(this, "worker " + ++hired));
        } else if (chance < 46 && !workers.isEmpty()) {
            Delivery dead = dice.one(workers);
            trace.line(() -> dead + " dies");
            workers.remove(dead);
        } else if (!workers.isEmpty()) {
            work(dice.one(workers));
        }
    }

    private void work(Delivery worker) {
        try {
            worker.step();
        } catch (Died died) {
            trace.line(() -> worker + " dies before it sends");
            workers.remove(worker);
        }
        if (worker.isOver()) {
            workers.remove(worker);
        }
    }

    /** Seals what people edited, settles what the source answered and what was decided, and fills the outbox. */
    void pushRun() {
        if (!setting.isTwoWay()) {
            return;
        }
        long run = hub.open(Mode.PUSH);
        oracle.before();
        try {
            Map<String, Map<Outcome, Long>> counts = hub.publish(new Hub.Order(run, setting.sync().entities(), entity -> new Classifier(entity.shape(),
                    entity.rules(), setting.sync().side()), false, () -> { }, undecided -> { }, this::maybeDie));
            trace.line(() -> "push run " + run + " publishes " + counts);
            oracle.settled();
        } catch (Died died) {
            trace.line(() -> "push run " + run + " dies");
            oracle.died();
        }
        hub.drop(run);
    }

    /** The record is read and judged by a run of its own. */
    void judge(EntityConfig entity, String key) {
        atWork.add(new SimulatedRun(this, ledger.accept(hub.open(Mode.SINGLE), Mode.SINGLE, entity.name(), key, clock.second(), false)));
    }

    /** Somebody writes on the record just now. */
    void writeOn(EntityConfig entity, String key) {
        happens(people.write(entity, key));
    }

    private void happens(String what) {
        trace.line(() -> what);
    }

    private void begin(Mode mode) {
        if (mode != Mode.SINGLE && !ledger.isFree() && mutant != Mutant.TWO_RUNS_AT_ONCE) {
            return;
        }
        EntityConfig entity = mode == Mode.SINGLE ? dice.one(setting.sync().entities()) : null;
        List<String> keys = entity == null ? List.of() : world.keys(entity.name());
        if (entity != null && keys.isEmpty()) {
            return;
        }
        String key = entity == null ? null : dice.one(keys);
        Ledger.Life life = ledger.accept(hub.open(mode), mode, entity == null ? null : entity.name(), key, clock.second(),
                mutant == Mutant.TWO_RUNS_AT_ONCE);
        SimulatedRun run = new SimulatedRun(this, life);
        trace.line(() -> run + " begins");
        atWork.add(run);
    }

    /** A process dies, or is only silent for so long that it is taken for dead; another one goes on with its run. */
    private void die() {
        if (atWork.isEmpty()) {
            return;
        }
        SimulatedRun dead = dice.one(atWork);
        boolean zombie = dice.percent(30);
        if (!zombie) {
            atWork.remove(dead);
        }
        trace.line(() -> dead + (zombie ? " is silent" : " dies"));
        takeOver(dead.life());
    }

    private void takeOver(Ledger.Life life) {
        if (life.ended != null || mutant == Mutant.A_DEAD_RUN_IS_FORGOTTEN) {
            return;
        }
        ledger.takeOver(life);
        if (life.isSingle()) {
            life.progress.clear();
            hub.drop(life.id);
        }
        atWork.add(new SimulatedRun(this, life));
    }

    private void step(SimulatedRun run) {
        try {
            run.step();
        } catch (Died died) {
            trace.line(() -> run + " dies while it publishes");
            oracle.died();
            atWork.remove(run);
            takeOver(run.life());
        }
        if (run.isOver()) {
            atWork.remove(run);
        }
    }

    void maybeDie(String step) {
        if (!calm && dice.percent(8)) {
            throw new Died();
        }
    }

    boolean isFaulty() {
        return !calm;
    }

    /** Faults stop, and so do people and the source: what is left to say is said in two whole reads, and a third has nothing to say. */
    private void calmDown() {
        calm = true;
        trace.line(() -> "-- calm");
        while (!atWork.isEmpty()) {
            pass(1);
            step(atWork.get(0));
        }
        world.settle();
        door.arrive();
        if (setting.isTwoWay()) {
            agree();
        }
        if (setting.increments()) {
            alone(Mode.INCREMENTAL);
            pass(setting.overlap() + 1);
        }
        alone(Mode.FULL);
        pass(1);
        alone(Mode.FULL);
        oracle.calm();
        pass(1);
        oracle.remember();
        alone(dice.one(Mode.FULL, Mode.INCREMENTAL));
        pushRun();
        oracle.unmoved();
    }

    /** Whatever is to be sent arrives; what waits for people is looked at by them until there is nothing more of that; then three runs must do. */
    private void agree() {
        workers.removeIf(worker -> !worker.isHolding());
        for (int round = 0; round < ROUNDS; round++) {
            alone(Mode.FULL);
            deliverAll();
            people.amend();
            people.settle();
            reviewers.settleAll(round < ROUNDS / 2);
            pushRun();
        }
        for (int run = 0; run < 3; run++) {
            alone(Mode.FULL);
            deliverAll();
        }
        oracle.agreed();
    }

    private void deliverAll() {
        pushRun();
        for (int left = DELIVERIES; left > 0 && hub.isDue(); left--) {
            pass(1);
            Delivery worker = new Delivery(this, "worker " + ++hired);
            worker.step();
            if (!worker.isOver()) {
                workers.forEach(Delivery::wake);
                workers.clear();
            }
            while (!worker.isOver()) {
                worker.step();
            }
            while (!atWork.isEmpty()) {
                step(atWork.get(0));
            }
            pushRun();
        }
    }

    private void alone(Mode mode) {
        begin(mode);
        while (!atWork.isEmpty()) {
            step(atWork.get(0));
        }
    }

    /** What a run asks for of an entity, and whether it may move its mark. */
    Ledger.Progress progress(Mode mode, String entity) {
        Instant mark = mode == Mode.INCREMENTAL && setting.increments() ? ledger.marks.get(entity) : null;
        return new Ledger.Progress(mark, mode != Mode.SINGLE);
    }

    Answers answers(SimulatedPass pass, Ledger.Progress progress, String resume) {
        return new Answers(world, setting, dice, clock, mutant, pass.entity().name(), pass.since(), progress, resume);
    }

    Stored stored(EntityConfig entity, String key) {
        return hub.find(entity, List.of(key)).get(key);
    }
}
