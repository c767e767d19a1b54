package dev.perennial.stream;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which record may start next. Pure and not thread-safe.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>At most one record of a key is out (given by {@link #next()}, not yet {@link #done}).
 *   <li>The records of a key go out in the order they were added.
 *   <li>At most {@code all} records are out, none starts above what is allowed, and of a group at
 *       most {@code ofGroup}, but for those that were let through.
 *   <li>Groups with records that may start take turns, and so do the keys of a group: neither a
 *       crowd nor a busy key starves the others.
 *   <li>A key with nothing waiting and nothing out has no lane, a group without lanes is forgotten.
 * </ol>
 */
final class KeyLanes<R> {

  /**
   * How many records may be out.
   *
   * @param all together, 1 or more
   * @param ofGroup of one group, 1 or more
   * @param group of a key
   */
  record Permits(int all, int ofGroup, UnaryOperator<String> group) {
    static Permits of(int all) {
      return new Permits(all, all, _ -> "");
    }
  }

  private static final class Lane<R> {
    final Group<R> group;
    final Queue<R> waiting = new ArrayDeque<>();
    boolean out;

    /** Is out or about to go without a place of its group. */
    boolean letThrough;

    Lane(Group<R> group) {
      this.group = group;
    }

    boolean ready() {
      return !out && !waiting.isEmpty();
    }

    boolean idle() {
      return !out && waiting.isEmpty();
    }
  }

  private static final class Group<R> {
    final String name;

    /** Its lanes that are ready and not let through, in the order they became so. */
    final Queue<Lane<R>> ready = new ArrayDeque<>();

    int out;
    int lanes;
    boolean inTurn;

    Group(String name) {
      this.name = name;
    }
  }

  private final Permits permits;
  private final Map<String, Lane<R>> lanes = new HashMap<>();
  private final Map<String, Group<R>> groups = new HashMap<>();

  /** Exactly the groups of which a record may start, each once. */
  private final Queue<Group<R>> turns = new ArrayDeque<>();

  /** Lanes that are ready and need no place of their group. */
  private final Queue<Lane<R>> letThrough = new ArrayDeque<>();

  private int allowed;
  private int out;

  KeyLanes(Permits permits) {
    this.permits = permits;
    this.allowed = permits.all;
  }

  /**
   * From here on at most so many start beside each other, and never more than there are permits;
   * what is out stays out.
   */
  void allow(int most) {
    allowed = Math.min(permits.all, most);
  }

  int allowed() {
    return allowed;
  }

  void add(String key, R record) {
    Lane<R> lane = lanes.computeIfAbsent(key, this::open);
    boolean wasReady = lane.ready();
    lane.waiting.add(record);
    if (!wasReady && lane.ready()) {
      lane.group.ready.add(lane);
      takeTurns(lane.group);
    }
  }

  private Lane<R> open(String key) {
    Group<R> group = groups.computeIfAbsent(permits.group.apply(key), Group::new);
    group.lanes++;
    return new Lane<>(group);
  }

  private void takeTurns(Group<R> group) {
    if (!group.inTurn && !group.ready.isEmpty() && group.out < permits.ofGroup) {
      group.inTurn = true;
      turns.add(group);
    }
  }

  /** A record that may start now; null where none may. */
  @Nullable R next() {
    if (out >= allowed) {
      return null;
    }
    Lane<R> lane = letThrough.isEmpty() ? nextInTurn() : letThrough.remove();
    if (lane == null) {
      return null;
    }
    lane.out = true;
    out++;
    return lane.waiting.remove();
  }

  private @Nullable Lane<R> nextInTurn() {
    Group<R> group = turns.poll();
    if (group == null) {
      return null;
    }
    group.inTurn = false;
    group.out++;
    Lane<R> lane = group.ready.remove();
    takeTurns(group);
    return lane;
  }

  /**
   * Of groups without a free place: lets records start that are the first to wait in their lane, as
   * long as they are such ones and there are permits at all.
   */
  void letThrough(Predicate<R> which) {
    for (Group<R> group : groups.values()) {
      while (group.out >= permits.ofGroup
          && !group.ready.isEmpty()
          && which.test(group.ready.element().waiting.element())) {
        Lane<R> lane = group.ready.remove();
        lane.letThrough = true;
        letThrough.add(lane);
      }
    }
  }

  /**
   * The record of this key that was out has ended.
   *
   * @throws IllegalStateException where none was out
   */
  void done(String key) {
    Lane<R> lane = lanes.get(key);
    if (lane == null || !lane.out) {
      throw new IllegalStateException("no record of this key is out");
    }
    lane.out = false;
    out--;
    if (lane.letThrough) {
      lane.letThrough = false;
    } else {
      lane.group.out--;
    }
    if (lane.ready()) {
      lane.group.ready.add(lane);
    } else {
      lanes.remove(key);
      closed(lane);
    }
    takeTurns(lane.group);
  }

  private void closed(Lane<R> lane) {
    if (--lane.group.lanes == 0) {
      groups.remove(lane.group.name);
    }
  }

  /** Forgets waiting records; those that are out stay out. */
  void drop(Predicate<R> which) {
    lanes.values().forEach(lane -> lane.waiting.removeIf(which));
    letThrough.removeIf(lane -> !lane.ready());
    groups.values().forEach(group -> group.ready.removeIf(lane -> !lane.ready()));
    turns.removeIf(group -> group.ready.isEmpty());
    groups.values().forEach(group -> group.inTurn &= !group.ready.isEmpty());
    List<Lane<R>> idle = lanes.values().stream().filter(Lane::idle).toList();
    lanes.values().removeAll(new HashSet<>(idle));
    idle.forEach(this::closed);
  }

  int out() {
    return out;
  }

  int lanes() {
    return lanes.size();
  }

  int groups() {
    return groups.size();
  }
}
