package dev.perennial.credentials;

import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.ShardLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A topic in memory, a list for each shard. */
final class MemoryLog implements ShardLog {
  /** Records in one batch. */
  int most = 500;

  /** Another one is another topic under the same name. */
  String id;

  /** The next so many questions are not answered. */
  int away;

  private final Map<Integer, List<Event>> shards = new TreeMap<>();
  private final Map<Integer, Integer> read = new TreeMap<>();

  MemoryLog(String id) {
    this.id = id;
  }

  /** The offset of the record. */
  long append(int shard, Event event) {
    List<Event> events = events(shard);
    events.add(event);
    return events.size() - 1L;
  }

  List<Event> events(int shard) {
    return shards.computeIfAbsent(shard, _ -> new ArrayList<>());
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Batch read(int shard, long from) {
    answer();
    List<Event> events = events(shard);
    int start = (int) Math.min(from, events.size());
    int end = Math.min(start + most, events.size());
    List<Entry> entries = new ArrayList<>();
    for (int i = start; i < end; i++) {
      entries.add(new Entry(i, events.get(i)));
    }
    read.put(shard, end);
    return new Batch(entries, end);
  }

  @Override
  public long behind(int shard) {
    return (long) events(shard).size() - read.getOrDefault(shard, 0);
  }

  @Override
  public long end(int shard) {
    answer();
    return events(shard).size();
  }

  private void answer() {
    if (away > 0) {
      away--;
      throw new UnavailableException(id + " is away");
    }
  }
}
