# A shop's web server, one request at a time.
use strict;
use warnings;
use IO::Socket::INET;

$SIG{TERM} = sub { exit 0 };
my $server = IO::Socket::INET->new(LocalPort => 8000, Listen => 16, ReuseAddr => 1) // die "port 8000: $@\n";
while (my $client = $server->accept) {
    my ($path) = (<$client> // '') =~ m{^GET (\S+)};
    while (defined(my $line = <$client>)) { last if $line =~ /^\r?$/ }
    my ($status, $body) = answer($path // '');
    print $client "HTTP/1.1 $status\r\nContent-Length: ", length $body, "\r\nConnection: close\r\n\r\n$body";
    close $client;
}

sub answer {
    my ($path) = @_;
    return ('200 OK', qq({"status": "ok", "version": "1.0"})) if $path eq '/health';
    return ('200 OK', $ENV{PUBLIC_URL}) if $path eq '/';
    return ('200 OK', counted()) if $path eq '/count';
    return ('200 OK', uploaded($1)) if $path =~ m{^/upload/(\w+)$};
    return ('404 Not Found', '');
}

sub counted {
    my $counter = IO::Socket::INET->new(PeerAddr => 'counter:7000', Timeout => 10) // return "no counter: $@";
    print $counter "$ENV{COUNTER_PASSWORD}\n";
    return <$counter> // 'no answer';
}

# Names of all that was ever uploaded, the new one among them.
sub uploaded {
    my ($name) = @_;
    open my $file, '>', "/var/lib/shop/$name" or return "can't be written: $!";
    close $file;
    return join ' ', sort map { s{.*/}{}r } glob '/var/lib/shop/*';
}
