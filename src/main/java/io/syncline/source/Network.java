package io.syncline.source;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Which addresses a system may stand at. */
enum Network {
    /** Addresses of the public internet only. */
    PUBLIC,
    /** Also loopback and private ones: what {@code allowPrivateNetwork} opens. */
    PRIVATE_TOO;

    static Network of(boolean allowPrivateNetwork) {
        return allowPrivateNetwork ? PRIVATE_TOO : PUBLIC;
    }

    /** Link-local addresses (where clouds keep their metadata), multicast and the unspecified address are never allowed. */
    boolean allows(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress() || address.isLinkLocalAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return !isReserved(bytes, 0) && (this == PRIVATE_TOO || !isPrivate(bytes, 0));
        }
        return allows6(bytes);
    }

    private boolean allows6(byte[] b) {
        int first = (b[0] & 0xff) << 8 | b[1] & 0xff;
        int second = (b[2] & 0xff) << 8 | b[3] & 0xff;
        if (isZero(b, 0, 15) && b[15] == 1 || (first & 0xfe00) == 0xfc00) {
            return this == PRIVATE_TOO && !isCloudMetadata6(b);
        }
        if (first == 0x64 && second == 0xff9b && isZero(b, 4, 12)) {
            return allowsEmbedded(b, 12);
        }
        if (first == 0x2002) {
            return allowsEmbedded(b, 2);
        }
        boolean teredoOrOther = first == 0x2001 && (second < 0x0200 || second == 0x0db8);
        return (first & 0xe000) == 0x2000 && !teredoOrOther;
    }

    private boolean allowsEmbedded(byte[] b, int at) {
        return !isReserved(b, at) && (this == PRIVATE_TOO || !isPrivate(b, at));
    }

    private static boolean isPrivate(byte[] b, int at) {
        int one = b[at] & 0xff;
        int two = b[at + 1] & 0xff;
        return one == 10 || one == 127 || one == 172 && two >= 16 && two <= 31 || one == 192 && two == 168 || one == 100 && two >= 64 && two <= 127;
    }

    private static boolean isReserved(byte[] b, int at) {
        int one = b[at] & 0xff;
        int two = b[at + 1] & 0xff;
        int three = b[at + 2] & 0xff;
        boolean documentation = one == 192 && two == 0 && three <= 2 || one == 198 && two == 51 && three == 100 || one == 203 && two == 0 && three == 113;
        boolean benchmark = one == 198 && (two == 18 || two == 19);
        boolean relay = one == 192 && two == 88 && three == 99;
        boolean aliyunMetadata = one == 100 && two == 100 && three == 100 && (b[at + 3] & 0xff) == 200;
        return one == 0 || one >= 224 || one == 169 && two == 254 || documentation || benchmark || relay || aliyunMetadata;
    }

    private static boolean isCloudMetadata6(byte[] b) {
        return (b[0] & 0xff) == 0xfd && b[1] == 0 && b[2] == 0x0e && (b[3] & 0xff) == 0xc2 && isZero(b, 4, 14) && b[14] == 0x02 && b[15] == 0x54;
    }

    private static boolean isZero(byte[] b, int from, int to) {
        for (int at = from; at < to; at++) {
            if (b[at] != 0) {
                return false;
            }
        }
        return true;
    }
}
