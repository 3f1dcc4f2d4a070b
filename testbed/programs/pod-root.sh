# Makes the directory $1 the root directory of the mount namespace it runs in: the host's programs and libraries, the
# testbed's programs, and otherwise only what the kubelet has put there. Then holds the namespace until it is ended.
# usage: pod-root.sh ROOT PROGRAMS PROGRAMS_IN_POD PKI NODE SCRIPTS
root=$1 programs=$2 programs_in_pod=$3 pki=$4 node=$5 scripts=$6

cd "$root"
mkdir -p usr proc dev etc tmp run var/lib/istio old testbed/scripts testbed/pki ".$programs_in_pod"
chmod 1777 tmp
chmod 777 etc var/lib/istio
: > testbed/node

mount --bind . .
cd "$root"
mount --rbind /usr usr
for directory in /bin /sbin /lib /lib64 /lib32; do
  if [ -L "$directory" ]; then
    cp -P "$directory" ".$directory"
  elif [ -d "$directory" ]; then
    mkdir ".$directory" && mount --rbind "$directory" ".$directory"
  fi
done
if [ -d /etc/alternatives ]; then
  mkdir -p etc/alternatives && mount --bind /etc/alternatives etc/alternatives
fi
mount --rbind /proc proc
mount --rbind /dev dev
mount --bind "$programs" ".$programs_in_pod"
mount --bind "$pki" testbed/pki
mount --bind "$scripts" testbed/scripts
mount --bind "$node" testbed/node

# A gateway that runs as uid 1337 listens on 443.
echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start

pivot_root . old
umount -l /old
: > /testbed/ready
exec sleep infinity
