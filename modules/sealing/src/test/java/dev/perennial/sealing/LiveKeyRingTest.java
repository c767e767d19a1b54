package dev.perennial.sealing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer.Purpose;
import dev.perennial.domain.Sealer.UnsealableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveKeyRingTest implements LiveKeyRing.Listener {
  private static final ConnectionKey KEY = new ConnectionKey("google", "acme");
  private static final byte[] PLAIN = "planted".getBytes(UTF_8);

  @TempDir Path directory;
  private final List<String> heard = new ArrayList<>();
  private final KeyRing first = KeyRing.ofNewKey();
  private Path file;
  private LiveKeyRing live;

  @BeforeEach
  void open() throws Exception {
    file = directory.resolve("keys.json");
    write(first);
    live = LiveKeyRing.of(file, Wrapping.NONE, this);
  }

  @Override
  public void changed(KeyRing ring) {
    heard.add("changed " + ring);
  }

  @Override
  public void unreadable(String why) {
    heard.add(why);
  }

  @Test
  void a_look_takes_up_what_the_file_holds_and_says_so_once() throws Exception {
    KeyRing next = first.withNewKey();
    write(next);
    live.look();
    live.look();
    assertThat(live.current().keyIds()).isEqualTo(next.keyIds());
    assertThat(heard).containsExactly("changed " + next);
  }

  @Test
  void it_goes_on_sealing_with_the_old_key_until_the_new_one_is_promoted() throws Exception {
    KeyRing next = first.withNewKey();
    write(next);
    live.look();
    assertThat(keyOf(live)).isEqualTo(first.primaryKeyId());
    long added = next.keys().get(1).id();
    write(next.withPrimary(added));
    live.look();
    assertThat(keyOf(live)).isEqualTo(added);
  }

  private static long keyOf(LiveKeyRing ring) {
    return KeyRing.keyIdOf(ring.seal(KEY, Purpose.CREDENTIAL, PLAIN)).orElseThrow();
  }

  @Test
  void what_it_cannot_open_makes_it_look() throws Exception {
    KeyRing next = KeyRing.read(first.rotate());
    Sealed sealed = next.seal(KEY, Purpose.CREDENTIAL, PLAIN);
    assertThatThrownBy(() -> live.open(KEY, Purpose.CREDENTIAL, sealed))
        .isInstanceOf(UnsealableException.class);
    write(next);
    assertThat(live.open(KEY, Purpose.CREDENTIAL, sealed)).isEqualTo(PLAIN);
  }

  @Test
  void what_is_no_ring_leaves_the_last_good_one_and_is_told_once() throws Exception {
    Files.writeString(file, "planted");
    live.look();
    live.look();
    Files.delete(file);
    live.look();
    live.look();
    assertThat(live.current()).hasToString(first.toString());
    assertThat(heard).hasSize(2).allMatch(line -> line.contains(file.toString()));
    assertThat(heard.toString()).doesNotContain("planted");
  }

  @Test
  void a_ring_that_comes_back_is_taken_up_again() throws Exception {
    Files.writeString(file, "{");
    live.look();
    KeyRing next = first.withNewKey();
    write(next);
    live.look();
    assertThat(live.current().keyIds()).isEqualTo(next.keyIds());
  }

  @Test
  void a_fixed_ring_never_looks() {
    LiveKeyRing fixed = LiveKeyRing.fixed(first);
    assertThat(fixed.look()).isSameAs(first);
    assertThat(fixed.isLive()).isFalse();
  }

  private void write(KeyRing ring) throws Exception {
    Files.writeString(file, ring.text());
  }
}
