//! A model of a disk that keeps what was synced, and of everything else what chance wants. It follows a log, and can lose its power after
//! each note. What it holds to: a sync covers what was written before it began, a directory's names are its own and need a sync of their
//! own, a sector is written wholly or not, and what a sync failed to write is not tried again, though readers see it.

mod content;
mod folder;
mod image;
mod unsynced;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use content::{Content, Fate, Write};
use folder::{Change, Folder, Place};

pub(crate) use image::Image;

use super::log::{Mark, Note, What};
use crate::chance::Chance;

#[derive(Debug)]
enum Node<'l> {
    File(Content<'l>),
    Folder(Folder),
}

/// The disk.
#[derive(Debug)]
pub(crate) struct Disk<'l> {
    /// The directory that is logged.
    root: PathBuf,
    /// All files and directories that there ever were; the root is the first.
    nodes: Vec<Node<'l>>,
    /// Those that were opened, by what the kernel calls them.
    inodes: HashMap<u64, Place>,
}

const ROOT: Place = 0;

impl<'l> Disk<'l> {
    /// An empty one.
    pub(crate) fn empty() -> Self {
        Self { root: PathBuf::new(), nodes: vec![Node::Folder(Folder::default())], inodes: HashMap::new() }
    }

    /// Follows the next note of the log.
    pub(crate) fn follow(&mut self, note: &Note<'l>) {
        let thread = note.thread;
        match note.what {
            What::Marked(Mark::Story { root, .. }) => self.root = root.into(),
            What::Marked(_) => {}
            What::PowerLost { seed } => {
                let left = self.after_loss(seed);
                *self = self.with(&left);
            }
            What::Opened { inode, path } => {
                let place =
                    self.find(path).unwrap_or_else(|| panic!("{} was opened, but nobody made it", path.display()));
                self.inodes.insert(inode, place);
            }
            What::Created { inode, path } => {
                let place = self.add(Node::File(Content::default()));
                self.inodes.insert(inode, place);
                self.rename(path, |name| Change::Named(name, place));
            }
            What::MadeDirectory { path } => {
                let place = self.add(Node::Folder(Folder::default()));
                self.rename(path, |name| Change::Named(name, place));
            }
            What::Removed { path } => self.rename(path, Change::Removed),
            What::Renamed { from, to } => {
                assert_eq!(from.parent(), to.parent(), "nothing is moved to another directory");
                self.rename(from, |name| Change::Moved(name, to.file_name().expect("it has a name").to_owned()));
            }
            What::Wrote { inode, at, bytes } => self.file(inode).unsynced.push(Write::Bytes(at, bytes)),
            What::Cut { inode, length } => self.file(inode).unsynced.push(Write::Length(length)),
            What::SyncBegun { inode } => match self.node(inode) {
                Node::File(file) => file.unsynced.sync_begun(thread),
                Node::Folder(folder) => folder.unsynced.sync_begun(thread),
            },
            What::SyncEnded { inode } => match self.node(inode) {
                Node::File(file) => file.sync_ended(thread),
                Node::Folder(folder) => folder.sync_ended(thread),
            },
            What::SyncFailed { inode } => match self.node(inode) {
                Node::File(file) => file.sync_failed(),
                // The names stay to be written: they are in the file system's own log.
                Node::Folder(_) => {}
            },
        }
    }

    /// What whoever looks sees.
    pub(crate) fn seen(&self) -> Image {
        self.image(&|content| content.seen(), &|folder| folder.seen().clone())
    }

    /// What is left if the power is lost now. The same for the same seed.
    pub(crate) fn after_loss(&self, seed: u64) -> Image {
        let chance = Chance::of(seed);
        // Now and then all is lost that can be: that is what a disk with a large cache does.
        let alike = chance.one_in(3);
        let fate = || if alike { Fate::Lost } else { *chance.one_of(&Fate::ALL).expect("there are some") };
        self.image(&|content| content.after(fate(), &chance), &|folder| folder.after(&chance))
    }

    fn image(&self, content: &dyn Fn(&Content<'l>) -> Vec<u8>, names: &dyn Fn(&Folder) -> folder::Names) -> Image {
        let mut image = Image::default();
        let mut open = vec![(PathBuf::new(), ROOT)];
        while let Some((path, place)) = open.pop() {
            let left = match &self.nodes[place] {
                Node::File(file) => Some(content(file)),
                Node::Folder(folder) => {
                    open.extend(names(folder).into_iter().map(|(name, place)| (path.join(name), place)));
                    None
                }
            };
            if place != ROOT {
                image.0.insert(path, left);
            }
        }
        image
    }

    /// A disk with all of `image` on it for certain.
    fn with(&self, image: &Image) -> Self {
        let mut disk = Self { root: self.root.clone(), ..Self::empty() };
        for (name, content) in &image.0 {
            let place = disk.add(match content {
                Some(bytes) => Node::File(Content::durable(bytes.clone())),
                None => Node::Folder(Folder::default()),
            });
            let (parent, name) = disk.parent(&disk.root.join(name));
            let Node::Folder(folder) = &mut disk.nodes[parent] else { panic!("a name is in a directory") };
            folder.add_durable(&name, place);
        }
        disk
    }

    fn add(&mut self, node: Node<'l>) -> Place {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn node(&mut self, inode: u64) -> &mut Node<'l> {
        let place = self.inodes.get(&inode).expect("what is changed was opened before");
        &mut self.nodes[*place]
    }

    fn file(&mut self, inode: u64) -> &mut Content<'l> {
        match self.node(inode) {
            Node::File(file) => file,
            Node::Folder(_) => panic!("nobody writes to a directory"),
        }
    }

    fn find(&self, path: &Path) -> Option<Place> {
        let mut place = ROOT;
        for name in path.strip_prefix(&self.root).ok()? {
            let Node::Folder(folder) = &self.nodes[place] else { return None };
            place = folder.get(name)?;
        }
        Some(place)
    }

    /// The directory in which `path` is named, and the name.
    fn parent(&self, path: &Path) -> (Place, std::ffi::OsString) {
        let parent = path.parent().and_then(|parent| self.find(parent));
        let parent = parent.unwrap_or_else(|| panic!("{} is in no directory that is known", path.display()));
        (parent, path.file_name().expect("it has a name").to_owned())
    }

    fn rename(&mut self, path: &Path, change: impl FnOnce(std::ffi::OsString) -> Change) {
        let (parent, name) = self.parent(path);
        let Node::Folder(folder) = &mut self.nodes[parent] else { panic!("a name is in a directory") };
        folder.change(change(name));
    }
}
