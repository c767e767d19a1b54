package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GzipTest {
  private static final int MOST = 1 << 20;

  @Test
  void readsWhatTheJdkWrites() throws Exception {
    Random random = new Random(11);
    for (int length : new int[] {0, 1, 100, 4095, 4096, 4097, 200_000}) {
      byte[] plain = new byte[length];
      random.nextBytes(plain);
      Arrays.fill(plain, length / 2, length, (byte) 'a');

      assertThat(Gzip.decode(gzip(plain), MOST)).isEqualTo(plain);
    }
  }

  @Test
  void stopsAtTheLimit() throws Exception {
    byte[] bomb = gzip(new byte[8 * MOST]);
    assertThat(Gzip.decode(bomb, 1000)).hasSize(1000);
    assertThat(Gzip.decode(join(gzip(new byte[900]), gzip(new byte[900])), 1000)).hasSize(1000);
    assertThat(Gzip.decode(gzip(new byte[1000]), 1000)).hasSize(1000);
  }

  @Test
  void membersFollowEachOtherAndGarbageAfterThemIsIgnored() throws Exception {
    byte[] two = join(gzip(new byte[] {1}), gzip(new byte[0]), gzip(new byte[] {2}));
    assertThat(Gzip.decode(two, MOST)).containsExactly(1, 2);
    assertThat(Gzip.decode(join(two, new byte[3]), MOST)).containsExactly(1, 2);
    assertThatThrownBy(() -> Gzip.decode(join(two, Arrays.copyOf(two, 12)), MOST))
        .isInstanceOf(DataFormatException.class);
  }

  @Test
  void everyOptionalFieldIsSkipped() throws Exception {
    byte[] plain = gzip(new byte[] {7});
    byte[] fields = HexFormat.of().parseHex("0300aabbcc" + "666f00" + "6261720000ff");
    byte[] head = Arrays.copyOf(plain, 10);
    head[3] = 2 + 4 + 8 + 16;
    byte[] whole = join(head, fields, Arrays.copyOfRange(plain, 10, plain.length));

    assertThat(Gzip.decode(whole, MOST)).containsExactly(7);
  }

  @Test
  void whatIsCutAnywhereIsRefused() throws Exception {
    byte[] plain = gzip("{\"access_token\":\"a\"}".getBytes(StandardCharsets.UTF_8));
    byte[] named = join(Arrays.copyOf(plain, 10), new byte[] {'n'});
    named[3] = 8;
    assertRefused(named);
    for (int length = 0; length < plain.length; length++) {
      assertRefused(Arrays.copyOf(plain, length));
    }
  }

  @Test
  void whatWasChangedIsRefused() throws Exception {
    byte[] plain = gzip(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    for (int at : new int[] {0, 1, 2, 12, plain.length - 6}) {
      byte[] changed = plain.clone();
      changed[at] ^= 0x10;
      assertRefused(changed);
    }
  }

  private static void assertRefused(byte[] bytes) {
    assertThatThrownBy(() -> Gzip.decode(bytes, MOST)).isInstanceOf(DataFormatException.class);
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}
