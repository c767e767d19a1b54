package dev.perennial.sealing;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A ring whose file may change while it is used, so that a rotation needs no restart. {@link #look}
 * takes up a change; what cannot be opened looks by itself. Where the file holds no ring any more,
 * the last good one stays. Thread-safe.
 */
public final class LiveKeyRing implements Sealer {

  /** Hears of changes, on whatever thread met them. */
  public interface Listener {
    /** Another ring is used from now on. */
    void changed(KeyRing ring);

    /**
     * The file has changed into something that is no ring; told once as long as it stays so.
     *
     * @param why names the file and never repeats its content
     */
    void unreadable(String why);
  }

  private final @Nullable Path file;
  private final Wrapping wrapping;
  private final Listener listener;
  private volatile KeyRing ring;
  private String seen;
  private @Nullable String refused;
  private String told = "";

  private LiveKeyRing(
      @Nullable Path file, Wrapping wrapping, Listener listener, KeyRing ring, String seen) {
    this.file = file;
    this.wrapping = wrapping;
    this.listener = listener;
    this.ring = ring;
    this.seen = seen;
  }

  /**
   * Reads the ring for the first time.
   *
   * @throws KmsAwayException where its KMS does not answer now
   * @throws KeyRingException where the file cannot be read or holds no ring
   */
  public static LiveKeyRing of(Path file, Wrapping wrapping, Listener listener) {
    String text = Wrapping.text(file);
    KeyRing ring = wrapping.read(text, Wrapping.name(file));
    return new LiveKeyRing(file, wrapping, listener, ring, text);
  }

  /** One that never changes. */
  public static LiveKeyRing fixed(KeyRing ring) {
    return new LiveKeyRing(null, Wrapping.NONE, new Silent(), ring, "");
  }

  /** The ring as it is now. */
  public KeyRing current() {
    return ring;
  }

  /** Whether it can change. */
  public boolean isLive() {
    return file != null;
  }

  /**
   * Looks whether the file has changed, and takes up the ring that it holds.
   *
   * @return the ring as it is now
   */
  public synchronized KeyRing look() {
    if (file != null) {
      try {
        take(file);
      } catch (KeyRingException e) {
        tell(Objects.toString(e.getMessage(), ""));
      }
    }
    return ring;
  }

  private void take(Path from) {
    String text = Wrapping.text(from);
    if (text.equals(refused)) {
      return;
    }
    if (!text.equals(seen)) {
      ring = read(text, Wrapping.name(from));
      seen = text;
      listener.changed(ring);
    }
    refused = null;
    told = "";
  }

  /** What a KMS could not say now is asked again at the next look; what is no ring stays none. */
  private KeyRing read(String text, String name) {
    try {
      return wrapping.read(text, name);
    } catch (KmsAwayException e) {
      throw e;
    } catch (KeyRingException e) {
      refused = text;
      throw e;
    }
  }

  private void tell(String why) {
    if (!why.equals(told)) {
      told = why;
      listener.unreadable(why);
    }
  }

  @Override
  public Sealed seal(ConnectionKey key, Purpose purpose, byte[] plain) {
    return ring.seal(key, purpose, plain);
  }

  @Override
  public byte[] open(ConnectionKey key, Purpose purpose, Sealed sealed) {
    KeyRing before = ring;
    try {
      return before.open(key, purpose, sealed);
    } catch (UnsealableException e) {
      KeyRing now = before.knows(sealed) ? before : look();
      if (now == before) {
        throw e;
      }
      return now.open(key, purpose, sealed);
    }
  }

  /** The ids and nothing else. */
  @Override
  public String toString() {
    return ring.toString();
  }

  private static final class Silent implements Listener {
    @Override
    public void changed(KeyRing ring) {}

    @Override
    public void unreadable(String why) {}
  }
}
